using System.Security.Cryptography;

namespace Moldau.Client.Seams;

/// <summary>What must not be guessed.</summary>
internal static class Nonces
{
    private const int Bytes = 24;

    public static string Draw() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));
}
