using System.Globalization;
using System.Security.Cryptography;

namespace Moldau.Fuzz.Engine;

/// <summary>An input that a reader must not behave on as it did.</summary>
internal sealed record FuzzFinding(string Target, string Problem, byte[] Input)
{
    // Enough to paste; a longer input is in the file.
    private const int MostHexBytes = 4096;

    /// <summary>Keeps the input in a file, and says what to do with it.</summary>
    public string Describe()
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(Input).AsSpan(0, 6));
        var file = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"moldau-fuzz-{Target}-{id}.bin"));
        File.WriteAllBytes(file, Input);
        var hex = Convert.ToHexStringLower(Input.AsSpan(0, Math.Min(Input.Length, MostHexBytes))) + (Input.Length > MostHexBytes ? "..." : "");
        return $"""
            {Target}: {Problem}
              the input, {Input.Length} bytes, is in {file}
              once it is fixed, keep it as tests/Fuzz/regressions/{Target}/{id}.hex with this line:
            {hex}
            """;
    }
}
