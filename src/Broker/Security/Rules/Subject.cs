using System.Net;
using System.Net.Sockets;

namespace Moldau.Broker.Security.Rules;

/// <summary>Who asks and from where, as rules name both. Made once for a connection and asked about again and again.</summary>
internal sealed class Subject : IEquatable<Subject>
{
    private readonly int _hash;

    /// <param name="principal">As authentication found out.</param>
    /// <param name="address">The other side's, without a port.</param>
    /// <param name="isSuper">Whether no rule is asked.</param>
    public Subject(Principal principal, string address, bool isSuper)
    {
        Principal = principal;
        Name = principal.ToString();
        Host = HostOf(address);
        IsSuper = isSuper;
        _hash = HashCode.Combine(Name.GetHashCode(StringComparison.Ordinal), Host.GetHashCode(StringComparison.Ordinal));
    }

    public Principal Principal { get; }

    /// <summary>With the type, as rules have it.</summary>
    public string Name { get; }

    /// <summary>The address as Java writes it: rules are compared as texts.</summary>
    public string Host { get; }

    public bool IsSuper { get; }

    public bool Equals(Subject? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Name == other.Name && Host == other.Host);

    public override bool Equals(object? obj) => Equals(obj as Subject);

    public override int GetHashCode() => _hash;

    private static string HostOf(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6) return address;
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        var groups = new string[8];
        for (var i = 0; i < groups.Length; i++) groups[i] = ((bytes[2 * i] << 8) | bytes[(2 * i) + 1]).ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        return string.Join(':', groups);
    }
}
