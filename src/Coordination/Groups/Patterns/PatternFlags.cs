namespace Moldau.Coordination.Groups.Patterns;

/// <summary>What (?flags) sets and clears. Greediness has no flag: it does not change what matches as a whole.</summary>
[Flags]
internal enum PatternFlags
{
    None = 0,
    FoldsCase = 1,
    DotMatchesNewline = 2,

    /// <summary>^ and $ stand for the text's ends, not the lines'.</summary>
    OneLine = 4,
}
