namespace Moldau.Protocol.Compression.Gzip;

/// <summary>
/// Hands pinned compressed bytes to a decompressor in pieces of a known size, so that where it stopped asking tells
/// where its data ended. Up to <see cref="SinglyFrom"/> in pieces as large as asked for, from there one byte at a time.
/// </summary>
internal sealed unsafe class CompressedFeed(byte* start, int length, int singlyFrom) : Stream
{
    /// <summary>Bytes handed out so far.</summary>
    public int Given { get; private set; }

    /// <summary>Bytes handed out before the last piece.</summary>
    public int GivenBefore { get; private set; }

    /// <summary>The decompressor asked for more than there is.</summary>
    public bool RanDry { get; private set; }

    public int SinglyFrom { get; } = singlyFrom;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (Given == length)
        {
            RanDry = true;
            return 0;
        }
        var piece = Given < SinglyFrom ? Math.Min(buffer.Length, SinglyFrom - Given) : Math.Min(buffer.Length, 1);
        new ReadOnlySpan<byte>(start + Given, piece).CopyTo(buffer);
        GivenBefore = Given;
        Given += piece;
        return piece;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
