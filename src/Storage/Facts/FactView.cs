namespace Moldau.Storage.Facts;

/// <summary>The store as of one revision. It stays so, whatever is written or compacted meanwhile.</summary>
public sealed class FactView
{
    private readonly FactImage _image;

    internal FactView(FactRevision revision)
    {
        Revision = revision.Revision;
        _image = revision.Image;
    }

    public long Revision { get; }

    public FactEntry? Find(string key) => _image.Find(key);

    /// <summary>The keys that begin so, in order; the empty prefix is every key.</summary>
    public IReadOnlyList<FactEntry> List(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return _image.List(prefix);
    }
}
