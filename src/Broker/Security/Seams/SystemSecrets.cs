using System.Security.Cryptography;

namespace Moldau.Broker.Security.Seams;

/// <summary>Where what nobody may guess comes from unless a broker's options say otherwise.</summary>
internal static class SystemSecrets
{
    public static byte[] Draw(int bytes) => RandomNumberGenerator.GetBytes(bytes);
}
