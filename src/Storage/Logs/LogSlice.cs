using Microsoft.Win32.SafeHandles;

namespace Moldau.Storage.Logs;

/// <summary>
/// A stretch of a log, readable until it is disposed, whatever becomes of the log meanwhile. It begins with a whole batch
/// and may end in the middle of one. Dispose it once.
/// </summary>
public readonly struct LogSlice : IDisposable
{
    private readonly SegmentFile? _held;
    private readonly Files.IFile? _file;
    private readonly long _position;

    internal LogSlice(SegmentFile held, Files.IFile file, long position, int length)
    {
        _held = held;
        _file = file;
        _position = position;
        Length = length;
    }

    public int Length { get; }

    /// <summary>What a transport hands to the kernel; null where it must read the bytes itself.</summary>
    public SafeFileHandle? Handle => _file?.Handle;

    /// <summary>Where the slice begins in the file of <see cref="Handle"/>.</summary>
    public long HandlePosition => _position;

    /// <summary>Copies bytes of the slice.</summary>
    /// <returns>How many; fewer than asked for at the slice's end.</returns>
    public int Read(int position, Span<byte> destination)
    {
        if (_file is null || position >= Length) return 0;
        var wanted = Math.Min(destination.Length, Length - position);
        return _file.Read(_position + position, destination[..wanted]);
    }

    /// <summary>A stretch of this one, in its place: whoever takes it disposes of it, and nobody of this one.</summary>
    public LogSlice Part(int from, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from + (long)length, Length);
        return new LogSlice(_held!, _file!, _position + from, length);
    }

    public void Dispose() => _held?.LetGo();
}
