namespace Moldau.Storage.Files.Memory;

/// <summary>The names of one folder: as processes see them, and as they are on the disk.</summary>
internal sealed class MemoryFolder
{
    private readonly List<NameChange> _pending = [];
    private Dictionary<string, MemoryContent> _durable = [];

    public Dictionary<string, MemoryContent> Names { get; private set; } = [];

    public void Set(string name, MemoryContent content)
    {
        Names[name] = content;
        _pending.Add(new NameChange(null, name, content));
    }

    public void Remove(string name)
    {
        Names.Remove(name);
        _pending.Add(new NameChange(name, null, null));
    }

    /// <summary>A rename within a folder is one step: after a crash the file has the one name or the other.</summary>
    public void Rename(string from, string to)
    {
        var content = Names[from];
        Names.Remove(from);
        Names[to] = content;
        _pending.Add(new NameChange(from, to, content));
    }

    public void Flush()
    {
        _durable = new Dictionary<string, MemoryContent>(Names);
        _pending.Clear();
    }

    /// <summary>Names reach the disk in the order they were changed; how far they came, nobody knows.</summary>
    public MemoryFolder AfterCrash(Random chance, Func<MemoryContent, MemoryContent> contentAfterCrash)
    {
        var names = new Dictionary<string, MemoryContent>(_durable);
        var reached = chance.Next(_pending.Count + 1);
        for (var i = 0; i < reached; i++)
        {
            var (from, to, content) = _pending[i];
            if (from is not null) names.Remove(from);
            if (to is not null) names[to] = content!;
        }

        var after = new MemoryFolder();
        foreach (var (name, content) in names) after.Names[name] = contentAfterCrash(content);
        after.Flush();
        return after;
    }

    private sealed record NameChange(string? From, string? To, MemoryContent? Content);
}
