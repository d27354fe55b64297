using System.Buffers;
using System.IO.Pipelines;

namespace Moldau.Host.Commands.Records;

/// <summary>The lines of a stream as bytes, whatever they hold besides line ends; the last one may lack its end.</summary>
internal static class LineReader
{
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(Stream input, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 << 10, leaveOpen: true));
        while (true)
        {
            var read = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            var buffer = read.Buffer;
            while (TryTake(ref buffer, out var line)) yield return line;
            if (read.IsCompleted)
            {
                if (!buffer.IsEmpty) yield return buffer.ToArray();
                yield break;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out ReadOnlyMemory<byte> line)
    {
        line = default;
        if (buffer.PositionOf((byte)'\n') is not { } end) return false;
        var found = buffer.Slice(0, end);
        line = found.IsSingleSegment ? found.First : found.ToArray();
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }
}
