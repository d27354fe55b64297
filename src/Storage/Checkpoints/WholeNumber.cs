using System.Globalization;

namespace Moldau.Storage.Checkpoints;

/// <summary>Numbers as Kafka writes them: digits only.</summary>
internal static class WholeNumber
{
    public static bool TryParse(string text, out int number)
    {
        number = 0;
        return HasDigitsOnly(text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    public static bool TryParse(string text, out long number)
    {
        number = 0;
        return HasDigitsOnly(text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    // .NET's own parser passes over zero bytes at the end, which is what a torn write leaves.
    private static bool HasDigitsOnly(string text) => !text.AsSpan().ContainsAnyExceptInRange('0', '9');
}
