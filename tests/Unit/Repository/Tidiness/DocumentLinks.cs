using System.Text.RegularExpressions;

namespace Moldau.Unit.Repository.Tidiness;

/// <summary>The links of a document to files beside it.</summary>
internal static partial class DocumentLinks
{
    /// <param name="path">The document's, from the root, with forward slashes.</param>
    /// <param name="text">What it says.</param>
    /// <param name="exists">Whether a file or folder is there, by path from the document's folder.</param>
    public static IEnumerable<string> Faults(string path, string text, Func<string, bool> exists)
    {
        foreach (Match link in Link().Matches(Code().Replace(text, "")))
        {
            var target = Uri.UnescapeDataString(link.Groups[1].Value.Split('#')[0]);
            if (target.Length == 0 || target.Contains(':', StringComparison.Ordinal)) continue;
            if (!exists(target)) yield return $"{path}: {target} does not exist";
        }
    }

    [GeneratedRegex(@"\]\(([^()\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```|`[^`\n]*`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();
}
