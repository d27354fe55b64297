using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Moldau.Bench.Native;

/// <summary>libsnappy, in blocks of 32 KiB behind their lengths as snappy-java cuts them.</summary>
internal sealed unsafe partial class NativeSnappy : INativeCodec
{
    public const string Library = "libsnappy.so.1";

    private const int BlockSize = 32 * 1024;

    public string Name => "libsnappy";

    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = 0;
        for (; !source.IsEmpty; source = source[Math.Min(BlockSize, source.Length)..])
        {
            var room = destination[(written + sizeof(int))..];
            var length = (nuint)room.Length;
            fixed (byte* from = source, to = room) Check(snappy_compress(from, (nuint)Math.Min(BlockSize, source.Length), to, &length));
            BinaryPrimitives.WriteInt32BigEndian(destination[written..], (int)length);
            written += sizeof(int) + (int)length;
        }

        return written;
    }

    public int Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = 0;
        while (!source.IsEmpty)
        {
            var block = source.Slice(sizeof(int), BinaryPrimitives.ReadInt32BigEndian(source));
            var length = (nuint)(destination.Length - written);
            fixed (byte* from = block, to = destination[written..]) Check(snappy_uncompress(from, (nuint)block.Length, to, &length));
            written += (int)length;
            source = source[(sizeof(int) + block.Length)..];
        }

        return written;
    }

    public void Dispose()
    {
    }

    private static void Check(int status)
    {
        if (status != 0) throw new NativeCodecException(Library, status);
    }

    [LibraryImport(Library)]
    private static partial int snappy_compress(byte* source, nuint length, byte* destination, nuint* room);

    [LibraryImport(Library)]
    private static partial int snappy_uncompress(byte* source, nuint length, byte* destination, nuint* room);
}
