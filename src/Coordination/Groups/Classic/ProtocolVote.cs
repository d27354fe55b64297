namespace Moldau.Coordination.Groups.Classic;

/// <summary>Which way to assign a group takes: one that all members know, by the first choice of most.</summary>
internal static class ProtocolVote
{
    /// <summary>Null where there is none that all know.</summary>
    public static string? Select(IReadOnlyCollection<ClassicMember> members)
    {
        var known = Known(members);
        var votes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            foreach (var offer in member.Protocols)
            {
                if (known.GetValueOrDefault(offer.Name) != members.Count) continue;
                votes[offer.Name] = votes.GetValueOrDefault(offer.Name) + 1;
                break;
            }
        }

        string? chosen = null;
        foreach (var (name, count) in votes)
        {
            if (chosen is null || count > votes[chosen]) chosen = name;
        }

        return chosen;
    }

    private static Dictionary<string, int> Known(IReadOnlyCollection<ClassicMember> members)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in members)
        {
            foreach (var offer in member.Protocols) known[offer.Name] = known.GetValueOrDefault(offer.Name) + 1;
        }

        return known;
    }
}
