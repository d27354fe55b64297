namespace Moldau.Compatibility.Client;

/// <summary>A connection that ends after so many bytes, of those that are written or of those that are read.</summary>
internal sealed class CutStream(Stream inner, int written, int read) : Stream
{
    private int _writable = written;
    private int _readable = read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, Math.Max(1, _readable))], cancellationToken);
        if ((_readable -= count) <= 0) throw new IOException("cut while it was read");
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer[..Math.Min(buffer.Length, Math.Max(0, _writable))], cancellationToken);
        if ((_writable -= buffer.Length) <= 0) throw new IOException("cut while it was written");
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
