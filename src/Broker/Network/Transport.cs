using Moldau.Storage.Logs;

namespace Moldau.Broker.Network;

/// <summary>
/// A connection's bytes, both ways, as one lane uses them. Nothing of it waits: what cannot be done now answers
/// <see cref="WouldBlock"/>, and the lane is called when it can be.
/// </summary>
internal abstract class Transport
{
    public const int WouldBlock = -1;

    /// <summary>The other side is gone, in whatever way.</summary>
    public const int Gone = -2;

    /// <summary>Where the other side is, for logs and limits.</summary>
    public abstract string Remote { get; }

    /// <returns>The bytes that were received: at least one, <see cref="WouldBlock"/>, or <see cref="Gone"/>.</returns>
    public abstract int Receive(Span<byte> room);

    /// <param name="bytes">What to send.</param>
    /// <param name="more">Whether more follows at once: a packet need not leave yet.</param>
    /// <returns>The bytes that were taken, <see cref="WouldBlock"/>, or <see cref="Gone"/>.</returns>
    public abstract int Send(ReadOnlySpan<byte> bytes, bool more);

    /// <summary>Sends a part of a log, from the disk's cache to the socket where the transport can.</summary>
    /// <returns>As <see cref="Send(ReadOnlySpan{byte}, bool)"/>.</returns>
    public abstract int Send(in LogSlice slice, int position);

    /// <summary>What the lane is to be called for.</summary>
    public abstract void Want(bool reads, bool writes);

    public abstract void Close();
}
