namespace Moldau.Coordination.Groups.Classic;

/// <summary>A way to assign that a member knows, with what it says to whoever computes the assignment.</summary>
internal readonly record struct GroupProtocolOffer(string Name, ReadOnlyMemory<byte> Metadata)
{
    public bool Equals(GroupProtocolOffer other) => Name == other.Name && Metadata.Span.SequenceEqual(other.Metadata.Span);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
