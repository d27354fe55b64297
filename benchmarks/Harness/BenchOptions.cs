using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Moldau.Bench.Harness;

/// <summary>The command line.</summary>
internal sealed record BenchOptions(string Filter, int Rounds, string? MarkdownFile, bool IsFull)
{
    public const string Usage = "usage: ./bench [FILTER] [--rounds N] [--markdown FILE] [--full]";

    private const int LeastRounds = 5;
    private const int DefaultRounds = 7;

    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out BenchOptions? options)
    {
        options = null;
        var (filter, rounds, file, isFull) = ("", DefaultRounds, (string?)null, false);
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--rounds" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out rounds) && rounds >= LeastRounds:
                case "--markdown" when i + 1 < arguments.Length && (file = arguments[i + 1]).Length > 0:
                    i++;
                    break;
                case "--full":
                    isFull = true;
                    break;
                case var word when !word.StartsWith('-') && filter.Length == 0:
                    filter = word;
                    break;
                default:
                    return false;
            }
        }

        options = new BenchOptions(filter, rounds, file, isFull);
        return true;
    }
}
