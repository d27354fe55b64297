namespace Moldau.Fuzz.Engine;

/// <summary>
/// Remembers how far readers came. Digits do not count, so that "needs 4 bytes" and "needs 8 bytes" are one place.
/// </summary>
internal sealed class Novelty
{
    private readonly HashSet<ulong> _seen = [];

    public bool Add(string reached)
    {
        // Not the string's own hash, which differs from run to run: a seed must make the same inputs again.
        var hash = 14695981039346656037UL;
        foreach (var character in reached)
        {
            if (!char.IsAsciiDigit(character)) hash = (hash ^ character) * 1099511628211UL;
        }

        return _seen.Add(hash);
    }
}
