using System.Text;

namespace Moldau.Extensions.Hosting.Configuration;

/// <summary>Names as different libraries spell them: <c>bootstrap.servers</c>, <c>BootstrapServers</c> and <c>bootstrap_servers</c> are one.</summary>
internal static class SettingName
{
    public static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            if (letter is not ('.' or '_' or '-' or ' ')) plain.Append(char.ToLowerInvariant(letter));
        }

        return plain.ToString();
    }

    /// <summary>The known name that was most likely meant; null where none is near.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        const int Near = 3;
        var (best, fewest) = ((string?)null, Near);
        var plain = Plain(name);
        foreach (var other in known)
        {
            if (Distance(plain, Plain(other)) is var distance && distance < fewest) (best, fewest) = (other, distance);
        }

        return best;
    }

    private static int Distance(string one, string other)
    {
        var row = new int[other.Length + 1];
        for (var j = 0; j < row.Length; j++) row[j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            var (diagonal, left) = (row[0], i);
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                left = Math.Min(Math.Min(left, row[j]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], left);
            }
        }

        return row[^1];
    }
}
