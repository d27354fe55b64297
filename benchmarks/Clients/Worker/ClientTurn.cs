using System.Globalization;

namespace Moldau.Bench.Clients.Worker;

/// <summary>What one turn came to, as the process of a client tells it in a line.</summary>
/// <param name="Operations">Records, or transactions.</param>
/// <param name="Seconds">That passed until the last was confirmed.</param>
/// <param name="CpuSeconds">All threads of the process together.</param>
/// <param name="AllocatedBytes">On the managed heap.</param>
/// <param name="ResidentBytes">Of the process, at the end.</param>
internal sealed record ClientTurn(long Operations, double Seconds, double CpuSeconds, long AllocatedBytes, long ResidentBytes)
{
    private const string Mark = "turn";
    private const int Fields = 6;

    public double Rate => Operations / Seconds;

    public double CpuNanoseconds => CpuSeconds * 1e9 / Operations;

    public double AllocatedEach => (double)AllocatedBytes / Operations;

    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{Mark} {Operations} {Seconds:R} {CpuSeconds:R} {AllocatedBytes} {ResidentBytes}");

    /// <returns>Null where the line is something else: a library may write what it likes.</returns>
    public static ClientTurn? Parse(string line)
    {
        var words = line.Split(' ');
        if (words.Length != Fields || words[0] != Mark) return null;
        return new ClientTurn(Whole(words[1]), Real(words[2]), Real(words[3]), Whole(words[4]), Whole(words[5]));
    }

    private static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
