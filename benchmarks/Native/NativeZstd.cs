using System.Runtime.InteropServices;

namespace Moldau.Bench.Native;

/// <summary>libzstd, with contexts that are used again.</summary>
internal sealed unsafe partial class NativeZstd(int level) : INativeCodec
{
    public const string Library = "libzstd.so.1";

    private nint _compression = ZSTD_createCCtx();
    private nint _decompression = ZSTD_createDCtx();

    public string Name => "libzstd";

    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source, to = destination)
            return Check(ZSTD_compressCCtx(_compression, to, (nuint)destination.Length, from, (nuint)source.Length, level));
    }

    public int Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source, to = destination)
            return Check(ZSTD_decompressDCtx(_decompression, to, (nuint)destination.Length, from, (nuint)source.Length));
    }

    public void Dispose()
    {
        _ = ZSTD_freeCCtx(_compression);
        _ = ZSTD_freeDCtx(_decompression);
        (_compression, _decompression) = (0, 0);
    }

    private static int Check(nuint result) => ZSTD_isError(result) == 0 ? (int)result : throw new NativeCodecException(Library, (long)result);

    [LibraryImport(Library)]
    private static partial nint ZSTD_createCCtx();

    [LibraryImport(Library)]
    private static partial nint ZSTD_createDCtx();

    [LibraryImport(Library)]
    private static partial nuint ZSTD_freeCCtx(nint context);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_freeDCtx(nint context);

    [LibraryImport(Library)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_compressCCtx(nint context, byte* destination, nuint capacity, byte* source, nuint length, int level);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_decompressDCtx(nint context, byte* destination, nuint capacity, byte* source, nuint length);
}
