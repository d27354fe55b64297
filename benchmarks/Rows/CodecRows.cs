using System.Globalization;
using System.Runtime.InteropServices;
using Moldau.Bench.Harness;
using Moldau.Bench.Native;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Compression.Gzip;
using Moldau.Protocol.Compression.Lz4;
using Moldau.Protocol.Compression.Zstd;

namespace Moldau.Bench.Rows;

/// <summary>The codecs on log lines, beside the system's libraries, each side on its own compressed bytes.</summary>
internal static class CodecRows
{
    public static IEnumerable<Row> All()
    {
        foreach (var codec in Codecs())
        {
            foreach (var (size, name) in ((int, string)[])[(1 << 20, "1 MiB"), (64 << 10, "64 KiB")])
            {
                foreach (var row in Of(codec, LogLines.Generate(seed: 1, size), name)) yield return row;
            }
        }
    }

    private static IEnumerable<CodecRow> Codecs() =>
    [
        new("lz4 fast", CompressionType.Lz4, Lz4Codec.DefaultLevel, NativeLz4.Library, static () => new NativeLz4(level: 0)),
        new("snappy", CompressionType.Snappy, 0, NativeSnappy.Library, static () => new NativeSnappy()),
        new("zstd 1", CompressionType.Zstd, 1, NativeZstd.Library, static () => new NativeZstd(level: 1)),
        new("zstd 3", CompressionType.Zstd, ZstdCodec.DefaultLevel, NativeZstd.Library, static () => new NativeZstd(level: 3)),
        new("gzip 6", CompressionType.Gzip, GzipCodec.DefaultLevel, NativeZlib.Library, static () => new NativeZlib(level: 6)),
        new("gzip 1", CompressionType.Gzip, GzipCodec.MinLevel, NativeZlib.Library, static () => new NativeZlib(level: 1)),
    ];

    private static IEnumerable<Row> Of(CodecRow codec, byte[] content, string size)
    {
        var ours = new PooledBuffer(2 * content.Length);
        Protocol.Compression.Codecs.Compress(codec.Codec, content, ours, codec.Level);
        var compressed = ours.WrittenSpan.ToArray();
        var note = string.Create(CultureInfo.InvariantCulture, $"packs {(double)content.Length / compressed.Length:f2}");

        var (peerCompresses, peerDecompresses) = ((Subject?)null, (Subject?)null);
        if (NativeLibrary.TryLoad(codec.Library, out _))
        {
            var native = codec.Native();
            var room = new byte[(2 * content.Length) + 1024];
            var length = native.Compress(content, room);
            var nativeCompressed = room.AsSpan(0, length).ToArray();
            if (native.Decompress(nativeCompressed, room) != content.Length) throw new NativeCodecException(codec.Library, length);
            note += string.Create(CultureInfo.InvariantCulture, $", {native.Name} {(double)content.Length / length:f2}");
            peerCompresses = new Subject(times => Repeat(times, native.Compress, content, room), content.Length);
            peerDecompresses = new Subject(times => Repeat(times, native.Decompress, nativeCompressed, room), content.Length);
        }

        yield return new Row($"{codec.Name} compress {size}", Unit.MegabytesPerSecond, new Subject(Compressing(codec, content, ours), content.Length), peerCompresses, Goal.None) { Note = note };
        yield return new Row($"{codec.Name} decompress {size}", Unit.MegabytesPerSecond, new Subject(Decompressing(codec, compressed, ours), content.Length), peerDecompresses, Goal.None) { Note = note };
    }

    private static Action<int> Compressing(CodecRow codec, byte[] content, PooledBuffer buffer) => times =>
    {
        for (; times > 0; times--)
        {
            buffer.Clear();
            Protocol.Compression.Codecs.Compress(codec.Codec, content, buffer, codec.Level);
        }
    };

    private static Action<int> Decompressing(CodecRow codec, byte[] compressed, PooledBuffer buffer) => times =>
    {
        for (; times > 0; times--)
        {
            buffer.Clear();
            Protocol.Compression.Codecs.Decompress(codec.Codec, compressed, buffer);
        }
    };

    private delegate int NativeOperation(ReadOnlySpan<byte> source, Span<byte> destination);

    private static void Repeat(int times, NativeOperation operation, byte[] source, byte[] destination)
    {
        for (; times > 0; times--) operation(source, destination);
    }
}
