namespace Moldau.Broker.Security.Sasl;

/// <summary>How long a session lasts (KIP-368): as long as what was proved, and no longer than the listener lets it.</summary>
internal static class SessionLifetime
{
    /// <param name="expiresAt">When what was proved is over, in milliseconds since 1970.</param>
    /// <param name="most"><c>connections.max.reauth.ms</c>; 0 for no limit.</param>
    /// <param name="now">In milliseconds since 1970.</param>
    /// <returns>Milliseconds; null for ever.</returns>
    public static long? Of(long? expiresAt, long most, long now)
    {
        if (expiresAt is not { } end) return most > 0 ? most : null;
        var left = Math.Max(0, end - now);
        return most > 0 ? Math.Min(left, most) : left;
    }
}
