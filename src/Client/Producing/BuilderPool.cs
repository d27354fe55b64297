using Moldau.Protocol.Records;

namespace Moldau.Client.Producing;

/// <summary>Builders that no batch uses. The one used last is given out first: its memory is still near the processor.</summary>
internal sealed class BuilderPool(ProducerOptions options)
{
    private const int FirstBytes = 16 << 10;

    private readonly Lock _gate = new();
    private readonly Stack<RecordBatchBuilder> _free = new();
    private readonly int _most = (int)Math.Clamp(options.BufferBytes / options.BatchBytes, 8, 4096);

    public RecordBatchBuilder Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var builder)) return builder;
        }

        return new RecordBatchBuilder(options.Compression, options.CompressionLevel, Math.Min(options.BatchBytes, FirstBytes));
    }

    public void Return(RecordBatchBuilder builder)
    {
        // One that grew for a record larger than a batch is not to be kept.
        if (builder.UncompressedSize <= 2 * options.BatchBytes)
        {
            builder.Clear();
            lock (_gate)
            {
                if (_free.Count < _most)
                {
                    _free.Push(builder);
                    return;
                }
            }
        }

        builder.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            while (_free.TryPop(out var builder)) builder.Dispose();
        }
    }
}
