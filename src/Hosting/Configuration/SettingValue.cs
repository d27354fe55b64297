using System.Globalization;

namespace Moldau.Extensions.Hosting.Configuration;

/// <summary>A value with where it stands.</summary>
internal readonly record struct SettingValue(string Path, string Text)
{
    public TimeSpan Milliseconds() => TimeSpan.FromMilliseconds(Number(0, int.MaxValue, "milliseconds"));

    public int Int32(int least) => (int)Number(least, int.MaxValue, "whole");

    public long Int64(long least) => Number(least, long.MaxValue, "whole");

    public bool Flag() => Text.ToUpperInvariant() switch
    {
        "TRUE" => true,
        "FALSE" => false,
        _ => throw Wrong("true or false"),
    };

    /// <summary>One of several words; how they are joined and capitalised does not matter.</summary>
    public T Choice<T>(params (string Word, T Value)[] choices)
    {
        var word = SettingName.Plain(Text);
        foreach (var choice in choices)
        {
            if (SettingName.Plain(choice.Word) == word) return choice.Value;
        }

        throw Wrong(string.Join(", ", choices.Select(static choice => choice.Word)));
    }

    public IReadOnlyList<string> List() => Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public SettingException Wrong(string takes) => new($"{Path} takes {takes}, not '{Text}'");

    private long Number(long least, long most, string kind) =>
        long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"a number ({kind}) of {least} to {most}"));
}
