namespace Moldau.Client.Security;

/// <summary>A conversation of which the client's first message says all.</summary>
internal sealed class OneMessage(Func<CancellationToken, ValueTask<byte[]>> write, byte[]? afterwards = null) : SaslConversation
{
    private bool _isAnswered;

    public override ValueTask<byte[]> FirstAsync(CancellationToken cancellation) => write(cancellation);

    /// <summary>A mechanism that tells of its failure in a message waits for one more before it ends (RFC 7628, §3.2.3).</summary>
    public override byte[]? Next(ReadOnlySpan<byte> told)
    {
        if (afterwards is null || told.IsEmpty || _isAnswered) return null;
        _isAnswered = true;
        return afterwards;
    }
}
