using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;

namespace Moldau.Broker.Requests.Data.Producing;

/// <summary>Producer ids in blocks: one block is taken from the metadata, durably, before the first id of it is given.</summary>
internal sealed class ProducerIds(IMetadataStore store, UuidSource ids, int node) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly AllocateProducerIds _allocate = new(store, ids);
    private long _next;
    private long _end;

    public async Task<long> NextAsync()
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_next == _end)
            {
                var block = await _allocate.RunAsync(node).ConfigureAwait(false);
                _next = block.First;
                _end = block.First + block.Count;
            }

            return _next++;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
