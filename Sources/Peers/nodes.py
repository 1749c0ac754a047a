

# Reads lines "PATH<TAB>PATH" and answers each with a line of JSON.
print("ready", VERSION, flush=True)
for line in sys.stdin:
    print(json.dumps(times(line.rstrip("\n").split("\t"))), flush=True)
