namespace Moldau.Coordination.Groups.Consumer;

/// <summary>What a consumer group keeps of a member that speaks the classic protocol.</summary>
/// <param name="Protocols">In the member's order of preference; a subscription of the consumer protocol each.</param>
internal sealed record ClassicSide(int SessionTimeout, IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Protocols)
{
    public bool SameAs(ClassicSide? other) => other is not null && SessionTimeout == other.SessionTimeout && Protocols.Count == other.Protocols.Count &&
        Protocols.Zip(other.Protocols).All(static pair => pair.First.Key == pair.Second.Key && pair.First.Value.Span.SequenceEqual(pair.Second.Value.Span));
}
