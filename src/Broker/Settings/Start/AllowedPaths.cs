namespace Moldau.Broker.Settings.Start;

/// <summary>Where a provider may look; nowhere given is everywhere.</summary>
internal sealed class AllowedPaths
{
    private readonly string[]? _folders;

    /// <param name="text">Absolute paths between commas.</param>
    public AllowedPaths(string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        _folders = text.Split(',');
        foreach (var folder in _folders)
        {
            if (!Path.IsPathFullyQualified(folder)) throw new ProviderException($"'{folder}' is no absolute path");
        }
    }

    public bool Contains(string path)
    {
        if (_folders is null) return true;
        if (!Path.IsPathFullyQualified(path)) return false;
        var whole = Path.GetFullPath(path);
        return Array.Exists(_folders, folder =>
        {
            var allowed = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            return whole == allowed || whole.StartsWith(Path.EndsInDirectorySeparator(allowed) ? allowed : allowed + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        });
    }
}
