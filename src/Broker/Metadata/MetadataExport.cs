using Moldau.Storage.Facts;

namespace Moldau.Broker.Metadata;

/// <summary>Everything a store holds as of one revision, as a stream that <see cref="FactExport.Read"/> reads.</summary>
public static class MetadataExport
{
    /// <returns>The revision.</returns>
    /// <exception cref="FactCompactedException">The revision is no longer kept.</exception>
    public static async Task<long> WriteAsync(IMetadataStore store, Stream to, long? revision = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        var range = await store.ListAsync("", revision).ConfigureAwait(false);
        FactExport.Write(range.Revision, range.Entries, to);
        return range.Revision;
    }
}
