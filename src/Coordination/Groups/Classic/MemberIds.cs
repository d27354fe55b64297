namespace Moldau.Coordination.Groups.Classic;

/// <summary>Ids that no other member has: they tell whose they are, and cannot be guessed.</summary>
internal sealed class MemberIds(Random chance)
{
    public string Next(string clientId, string? instanceId)
    {
        Span<byte> bytes = stackalloc byte[16];
        chance.NextBytes(bytes);
        return $"{instanceId ?? clientId}-{new Guid(bytes):D}";
    }
}
