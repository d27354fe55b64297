namespace Moldau.Storage.Files.Memory;

/// <summary>The names of one folder: as processes see them, and as they are on the disk.</summary>
internal sealed class MemoryFolder(bool keepsHistory) : MemoryNode
{
    private readonly List<NameChange> _pending = [];
    private Dictionary<string, MemoryNode> _durable = [];

    public Dictionary<string, MemoryNode> Names { get; } = [];

    public void Set(string name, MemoryNode node)
    {
        Names[name] = node;
        Note(new NameChange(null, name, node));
    }

    public void Remove(string name)
    {
        Names.Remove(name);
        Note(new NameChange(name, null, null));
    }

    /// <summary>A rename is one step: after a crash the node has the one name or the other.</summary>
    public void Rename(string from, string to)
    {
        var node = Names[from];
        Names.Remove(from);
        Names[to] = node;
        Note(new NameChange(from, to, node));
    }

    public override void Flush()
    {
        foreach (var change in _pending) change.ApplyTo(_durable);
        _pending.Clear();
    }

    // Names are the file system's own, and go through its journal: one that cannot write it does not go on as if it had.
    // What was not flushed stays in doubt, and a later flush that succeeds is one.
    public override void ForgetPending()
    {
    }

    public override void LosePending()
    {
    }

    /// <summary>Everything below this folder that a process can still find, or could after a crash.</summary>
    public void ForEachBelow(Action<MemoryNode> action)
    {
        foreach (var node in Names.Values) Visit(node, action);
        foreach (var (name, node) in _durable)
        {
            if (!Names.TryGetValue(name, out var present) || present != node) Visit(node, action);
        }
    }

    /// <summary>Names reach the disk in the order they were changed; how far they came, nobody knows.</summary>
    public override MemoryNode AfterCrash(Random chance, MemoryRoom room, Lock sync)
    {
        var names = new Dictionary<string, MemoryNode>(_durable);
        var reached = chance.Next(_pending.Count + 1);
        for (var i = 0; i < reached; i++) _pending[i].ApplyTo(names);

        var after = new MemoryFolder(keepsHistory: true);
        foreach (var (name, node) in names)
        {
            var found = node.AfterCrash(chance, room, sync);
            after.Names[name] = found;
            after._durable[name] = found;
        }

        return after;
    }

    private void Note(NameChange change)
    {
        if (keepsHistory) _pending.Add(change);
    }

    private static void Visit(MemoryNode node, Action<MemoryNode> action)
    {
        action(node);
        if (node is MemoryFolder folder) folder.ForEachBelow(action);
    }

    private sealed record NameChange(string? From, string? To, MemoryNode? Node)
    {
        public void ApplyTo(Dictionary<string, MemoryNode> names)
        {
            if (From is not null) names.Remove(From);
            if (To is not null) names[To] = Node!;
        }
    }
}
