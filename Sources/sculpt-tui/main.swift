print("sculpt-tui")
