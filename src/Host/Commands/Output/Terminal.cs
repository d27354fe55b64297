namespace Moldau.Host.Commands.Output;

/// <summary>What a verb reads and writes: text and raw bytes out, errors, bytes in, and whether a person watches.</summary>
internal sealed record Terminal
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Standard output for bytes that are no text. <see cref="Output"/> is flushed before it is used.</summary>
    public Stream Bytes { get; init; } = Stream.Null;

    public Stream Input { get; init; } = Stream.Null;

    /// <summary>Asks the person and returns the answer; null where nobody watches.</summary>
    public Func<string, string?>? Ask { get; init; }

    /// <summary>The same for what must not be seen.</summary>
    public Func<string, string?>? AskSecret { get; init; }

    /// <summary>Whether a person sees standard error.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Whether a person sees standard output.</summary>
    public bool IsOutputWatched { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public static Terminal OfProcess() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        Bytes = Console.OpenStandardOutput(),
        Input = Console.OpenStandardInput(),
        IsWatched = !Console.IsErrorRedirected,
        IsOutputWatched = !Console.IsOutputRedirected,
        Ask = Console.IsInputRedirected || Console.IsErrorRedirected ? null : AskPerson,
        AskSecret = Console.IsInputRedirected || Console.IsErrorRedirected ? null : AskPersonUnseen,
    };

    private static string? AskPerson(string question)
    {
        Console.Error.Write(question);
        return Console.ReadLine();
    }

    private static string? AskPersonUnseen(string question)
    {
        Console.Error.Write(question);
        var answer = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key != ConsoleKey.Backspace) answer.Append(key.KeyChar);
            else if (answer.Length > 0) answer.Length--;
        }

        Console.Error.WriteLine();
        return answer.ToString();
    }
}
