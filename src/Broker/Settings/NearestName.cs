namespace Moldau.Broker.Settings;

/// <summary>Which name somebody meant who typed another.</summary>
public static class NearestName
{
    /// <summary>The name with the fewest edits, or null where more than half of it would have to change.</summary>
    public static string? Find(string given, IEnumerable<string> names)
    {
        string? nearest = null;
        var fewest = int.MaxValue;
        foreach (var name in names)
        {
            var edits = Edits(given, name);
            if (edits >= fewest || edits * 2 > Math.Max(given.Length, name.Length)) continue;
            (nearest, fewest) = (name, edits);
        }

        return nearest;
    }

    /// <summary>The Levenshtein distance, ignoring case, with one row of the usual table kept.</summary>
    private static int Edits(string from, string to)
    {
        var row = new int[to.Length + 1];
        for (var j = 0; j <= to.Length; j++) row[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var same = char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]);
                var substituted = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j - 1], row[j]));
            }
        }

        return row[to.Length];
    }
}
