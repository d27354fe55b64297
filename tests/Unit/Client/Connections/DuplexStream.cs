using System.IO.Pipelines;

namespace Moldau.Unit.Client.Connections;

/// <summary>One end of a connection in memory. Disposing it ends both directions, as closing a socket does.</summary>
internal sealed class DuplexStream : Stream
{
    private readonly PipeReader _from;
    private readonly PipeWriter _to;
    private readonly Stream _reading;
    private readonly Stream _writing;

    private DuplexStream(PipeReader from, PipeWriter to)
    {
        (_from, _to) = (from, to);
        (_reading, _writing) = (from.AsStream(), to.AsStream());
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static (DuplexStream One, DuplexStream Other) Pair()
    {
        var there = new Pipe();
        var back = new Pipe();
        return (new DuplexStream(back.Reader, there.Writer), new DuplexStream(there.Reader, back.Writer));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _reading.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _writing.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _writing.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _to.Complete();
            _from.CancelPendingRead();
        }

        base.Dispose(disposing);
    }
}
