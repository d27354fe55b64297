namespace Moldau.Client.Security;

/// <summary>The client's side of one authentication: what it says first, what it says to each answer, and whether it believes the broker.</summary>
internal abstract class SaslConversation : IDisposable
{
    public abstract ValueTask<byte[]> FirstAsync(CancellationToken cancellation);

    /// <param name="told">What the broker answered.</param>
    /// <returns>What is said next; null where nothing is left to say.</returns>
    /// <exception cref="SaslRefusedException">The broker has not proven itself, or says what the mechanism does not have.</exception>
    public abstract byte[]? Next(ReadOnlySpan<byte> told);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
