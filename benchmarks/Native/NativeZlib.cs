using System.Runtime.InteropServices;

namespace Moldau.Bench.Native;

/// <summary>zlib, writing and reading gzip's format.</summary>
internal sealed unsafe partial class NativeZlib(int level) : INativeCodec
{
    public const string Library = "libz.so.1";

    private const int Deflated = 8;
    private const int GzipWindow = 15 + 16;
    private const int DefaultMemory = 8;
    private const int Finish = 4;
    private const int StreamEnd = 1;

    public string Name => "zlib";

    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source, to = destination, version = "1"u8)
        {
            var stream = StreamOver(from, source.Length, to, destination.Length);
            Check(deflateInit2_(&stream, level, Deflated, GzipWindow, DefaultMemory, 0, version, sizeof(Stream)), 0);
            var result = deflate(&stream, Finish);
            _ = deflateEnd(&stream);
            Check(result, StreamEnd);
            return (int)stream.TotalOut;
        }
    }

    public int Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source, to = destination, version = "1"u8)
        {
            var stream = StreamOver(from, source.Length, to, destination.Length);
            Check(inflateInit2_(&stream, GzipWindow, version, sizeof(Stream)), 0);
            var result = inflate(&stream, Finish);
            _ = inflateEnd(&stream);
            Check(result, StreamEnd);
            return (int)stream.TotalOut;
        }
    }

    public void Dispose()
    {
    }

    private static Stream StreamOver(byte* from, int length, byte* to, int room) =>
        new() { NextIn = from, AvailableIn = (uint)length, NextOut = to, AvailableOut = (uint)room };

    private static void Check(int result, int expected)
    {
        if (result != expected) throw new NativeCodecException(Library, result);
    }

    [LibraryImport(Library)]
    private static partial int deflateInit2_(Stream* stream, int level, int method, int window, int memory, int strategy, byte* version, int size);

    [LibraryImport(Library)]
    private static partial int deflate(Stream* stream, int flush);

    [LibraryImport(Library)]
    private static partial int deflateEnd(Stream* stream);

    [LibraryImport(Library)]
    private static partial int inflateInit2_(Stream* stream, int window, byte* version, int size);

    [LibraryImport(Library)]
    private static partial int inflate(Stream* stream, int flush);

    [LibraryImport(Library)]
    private static partial int inflateEnd(Stream* stream);

    [StructLayout(LayoutKind.Sequential)]
    private struct Stream
    {
        public byte* NextIn;
        public uint AvailableIn;
        public nuint TotalIn;
        public byte* NextOut;
        public uint AvailableOut;
        public nuint TotalOut;
        public byte* Message;
        public void* State;
        public void* Allocate;
        public void* Free;
        public void* Opaque;
        public int DataType;
        public nuint Adler;
        public nuint Reserved;
    }
}
