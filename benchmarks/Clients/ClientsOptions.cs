using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Moldau.Bench.Clients;

/// <summary>The command line of <c>./bench clients</c>.</summary>
internal sealed record ClientsOptions(string Filter, int Rounds, TimeSpan Turn, IReadOnlyList<ClientKind> Only, bool IsFull, string? MarkdownFile)
{
    public const string Usage = "       ./bench clients [FILTER] [--rounds N] [--turn MILLISECONDS] [--only CLIENT,CLIENT] [--full] [--markdown FILE]";

    private const int DefaultRounds = 5;
    private const int DefaultMilliseconds = 1000;
    private const int LeastMilliseconds = 50;

    public static bool TryParse(ReadOnlySpan<string> arguments, [NotNullWhen(true)] out ClientsOptions? options)
    {
        options = null;
        var (filter, rounds, milliseconds, only, isFull, file) = ("", DefaultRounds, DefaultMilliseconds, (IReadOnlyList<ClientKind>)Enum.GetValues<ClientKind>(), false, (string?)null);
        for (var i = 0; i < arguments.Length; i++)
        {
            var next = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--rounds" when int.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) && rounds > 0:
                case "--turn" when int.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out milliseconds) && milliseconds >= LeastMilliseconds:
                case "--only" when next is not null && TryParseKinds(next, out only):
                case "--markdown" when (file = next) is { Length: > 0 }:
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

        options = new ClientsOptions(filter, rounds, TimeSpan.FromMilliseconds(milliseconds), only, isFull, file);
        return true;
    }

    /// <summary>Who names rows gets them, however long they take.</summary>
    public bool Asks(ClientRow row) => row.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase) && (!row.IsLong || IsFull || Filter.Length > 0);

    // Ours always takes part: everything is told beside it.
    private static bool TryParseKinds(string text, out IReadOnlyList<ClientKind> kinds)
    {
        var named = new List<ClientKind> { ClientKind.Moldau };
        kinds = named;
        foreach (var word in text.Split(','))
        {
            if (!Enum.TryParse<ClientKind>(word, ignoreCase: true, out var kind) || !Enum.IsDefined(kind)) return false;
            if (!named.Contains(kind)) named.Add(kind);
        }

        return true;
    }
}
