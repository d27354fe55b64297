using Moldau.Fuzz.Engine;
using Moldau.Protocol.Compression;

namespace Moldau.Fuzz.Targets;

/// <summary>
/// A decompressor. Beyond not breaking: its output stays under its limit, does not depend on what stood in the buffer
/// before, fits a limit of exactly its length, and is refused under one byte less.
/// </summary>
internal sealed class CodecTarget(string name, CodecTarget.Decompressor decompress, Func<IEnumerable<byte[]>> seeds) : FuzzTarget
{
    private const int Limit = 1 << 20;

    // The buffer doubles up to the limit, and decoders may keep windows and tables of their own.
    private const long Allowed = 8L * Limit;

    private byte[] _content = [];

    public delegate void Decompressor(ReadOnlySpan<byte> source, PooledBuffer destination);

    public override string Name => name;

    public override IEnumerable<byte[]> Seeds(int seed) => seeds();

    public override void Read(byte[] input)
    {
        using var destination = new PooledBuffer(initialCapacity: 256, Limit);
        decompress(input, destination);
        _content = destination.WrittenSpan.ToArray();
    }

    public override bool IsDocumented(Exception exception) => exception is CorruptDataException or BufferLimitException;

    public override long AllowedAllocation(int inputLength) => Allowed;

    public override string Reached(Exception? refusal) => refusal is null ? "read " + new string('x', Math.Min(64, _content.Length / 16)) : base.Reached(refusal);

    public override string? Contradiction(byte[] input, Exception? refusal)
    {
        if (refusal is not null) return null;
        using (var exact = new PooledBuffer(_content.Length, _content.Length))
        {
            exact.Bytes.AsSpan().Fill(0xCD);
            decompress(input, exact);
            if (!exact.WrittenSpan.SequenceEqual(_content)) return "the content depends on what the buffer held before";
        }

        if (_content.Length == 0) return null;
        try
        {
            using var tooSmall = new PooledBuffer(_content.Length, _content.Length - 1);
            decompress(input, tooSmall);
            return "the content passes its limit";
        }
        catch (BufferLimitException)
        {
            return null;
        }
    }
}
