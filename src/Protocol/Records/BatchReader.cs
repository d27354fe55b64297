namespace Moldau.Protocol.Records;

/// <summary>
/// Walks the batches of a produce or fetch, or of a segment. A last batch that is cut off is normal in a fetch (the broker
/// fills its byte limit): it ends the walk and <see cref="HasPartialBatch"/> tells.
/// </summary>
public ref struct BatchReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _next;

    public BatchReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public RecordBatch Current { get; private set; }

    /// <summary>Where the current batch begins.</summary>
    public int Position { get; private set; }

    public bool HasPartialBatch { get; private set; }

    public bool MoveNext()
    {
        var rest = _bytes[_next..];
        if (rest.IsEmpty) return false;
        if (rest.Length <= BatchLayout.Magic || IsCutOff(rest))
        {
            HasPartialBatch = true;
            return false;
        }

        Current = RecordBatch.Read(rest);
        Position = _next;
        _next += Current.Bytes.Length;
        return true;
    }

    // Another format is refused by its name, however long it says it is.
    private static bool IsCutOff(ReadOnlySpan<byte> rest) =>
        rest[BatchLayout.Magic] == BatchLayout.CurrentMagic && RecordBatch.SizeOf(rest) > rest.Length;
}
