using System.Globalization;

namespace Moldau.Bench.Clients.Worker;

/// <summary>Topics that the bare broker has without anybody having written them; their name says what is in them.</summary>
internal static class EndlessTopic
{
    private const string Keyless = "endless-";
    private const string Keyed = "endless-keyed-";

    public static string Name(int valueBytes, bool isKeyed) => (isKeyed ? Keyed : Keyless) + valueBytes.ToString(CultureInfo.InvariantCulture);

    public static bool TryParse(string name, out int valueBytes, out bool isKeyed)
    {
        isKeyed = name.StartsWith(Keyed, StringComparison.Ordinal);
        var prefix = isKeyed ? Keyed : Keyless;
        valueBytes = 0;
        return name.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out valueBytes) && valueBytes > 0;
    }
}
