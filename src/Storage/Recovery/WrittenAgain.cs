using System.Buffers;
using Moldau.Storage.Files;

namespace Moldau.Storage.Recovery;

/// <summary>
/// What was read above a recovery point may be in the page cache only, and for good: after a flush that failed the kernel
/// takes the pages it has dropped for written, and the next flush, by whatever process, says that all is well. So these
/// bytes are written once more, as they are, and the flush that follows is one of theirs.
/// </summary>
internal static class WrittenAgain
{
    private const int BufferSize = 256 * 1024;

    public static void Run(IFile file, long from, long to)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (from < to)
            {
                var read = file.Read(from, buffer.AsSpan(0, (int)Math.Min(BufferSize, to - from)));
                // It was longer a moment ago, and this process is the only one that changes it.
                if (read == 0) throw new DiskException(DiskFault.Failed, "read", file.Path, $"nothing at {from}, {to - from} bytes were there");
                file.Write(from, buffer.AsSpan(0, read));
                from += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
