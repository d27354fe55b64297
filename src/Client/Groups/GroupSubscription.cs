using System.Text.RegularExpressions;

namespace Moldau.Client.Groups;

/// <summary>What a member wants to read: topics by name, or those that match a pattern.</summary>
internal sealed record GroupSubscription
{
    public IReadOnlyList<string> Topics { get; private init; } = [];

    /// <summary>RE2; the whole name has to match.</summary>
    public string? Pattern { get; private init; }

    public static GroupSubscription Of(IReadOnlyList<string> topics)
    {
        if (topics.Count == 0) throw new ArgumentException("a member of a group reads topics; none is given");
        return OfAll(new SortedSet<string>(topics, StringComparer.Ordinal));
    }

    /// <summary>These, and none where there are none.</summary>
    public static GroupSubscription OfAll(SortedSet<string> topics) => new() { Topics = [.. topics] };

    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public static GroupSubscription Matching(string pattern)
    {
        Engine(pattern);
        return new GroupSubscription { Pattern = pattern };
    }

    /// <summary>Matches as coordinators do, where there is none to do it.</summary>
    public SortedSet<string> Match(IEnumerable<string> names)
    {
        var engine = Engine(Pattern!);
        var matching = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (engine.IsMatch(name)) matching.Add(name);
        }

        return matching;
    }

    private static Regex Engine(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
