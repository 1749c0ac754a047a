/// The version of Sculpt, as its files and programs say it.
public let programVersion = "0.1.0"
