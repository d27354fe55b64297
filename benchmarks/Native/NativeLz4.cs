using System.Runtime.InteropServices;

namespace Moldau.Bench.Native;

/// <summary>liblz4's frames, with the blocks a Kafka producer makes: 64 KiB, independent, no checksums.</summary>
internal sealed unsafe partial class NativeLz4 : INativeCodec
{
    public const string Library = "liblz4.so.1";

    private const int Version = 100;
    private const int Block64KiB = 4;
    private const int Independent = 1;

    private readonly Preferences _preferences;
    private nint _context;

    public NativeLz4(int level)
    {
        _preferences = new Preferences { BlockSize = Block64KiB, BlockMode = Independent, Level = level };
        Check(LZ4F_createDecompressionContext(out _context, Version));
    }

    public string Name => "liblz4";

    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var preferences = _preferences;
        fixed (byte* from = source, to = destination) return (int)Check(LZ4F_compressFrame(to, (nuint)destination.Length, from, (nuint)source.Length, &preferences));
    }

    public int Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var (read, written) = (0, 0);
        fixed (byte* from = source, to = destination)
        {
            while (read < source.Length)
            {
                var (room, left) = ((nuint)(destination.Length - written), (nuint)(source.Length - read));
                Check(LZ4F_decompress(_context, to + written, &room, from + read, &left, null));
                if (room == 0 && left == 0) throw new NativeCodecException(Library, 0);
                read += (int)left;
                written += (int)room;
            }
        }

        return written;
    }

    public void Dispose()
    {
        if (_context != 0) _ = LZ4F_freeDecompressionContext(_context);
        _context = 0;
    }

    private static nuint Check(nuint result) => LZ4F_isError(result) == 0 ? result : throw new NativeCodecException(Library, (long)result);

    [LibraryImport(Library)]
    private static partial uint LZ4F_isError(nuint code);

    [LibraryImport(Library)]
    private static partial nuint LZ4F_compressFrame(byte* destination, nuint capacity, byte* source, nuint length, Preferences* preferences);

    [LibraryImport(Library)]
    private static partial nuint LZ4F_createDecompressionContext(out nint context, uint version);

    [LibraryImport(Library)]
    private static partial nuint LZ4F_freeDecompressionContext(nint context);

    [LibraryImport(Library)]
    private static partial nuint LZ4F_decompress(nint context, byte* destination, nuint* room, byte* source, nuint* length, void* options);

    [StructLayout(LayoutKind.Sequential)]
    private struct Preferences
    {
        public int BlockSize;
        public int BlockMode;
        public int ContentChecksum;
        public int FrameType;
        public ulong ContentSize;
        public uint Dictionary;
        public int BlockChecksum;
        public int Level;
        public uint AutoFlush;
        public uint FavorDecompressionSpeed;
        public uint Reserved1;
        public uint Reserved2;
        public uint Reserved3;
    }
}
