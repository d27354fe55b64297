using System;
using System.Globalization;

namespace Moldau.ProtocolGenerator.Definitions;

/// <summary>
/// One field: <c>Name type [versions] [nullable VERSIONS] [tag N] [ignorable] [plain] [= default]</c>;
/// a type ending in <c>?</c> is nullable in every version of the field.
/// </summary>
internal static class FieldLine
{
    public static FieldDefinition? Parse(string[] words, int line, Action<string> fault)
    {
        if (words.Length < 2)
        {
            fault("expected 'Name type', found '" + words[0] + "'");
            return null;
        }

        var typeText = words[1];
        var alwaysNullable = typeText.EndsWith("?", StringComparison.Ordinal);
        if (alwaysNullable) typeText = typeText.Substring(0, typeText.Length - 1);
        var type = FieldType.Parse(typeText);
        if (type is null)
        {
            fault("'" + words[1] + "' is no type; structs begin with a capital");
            return null;
        }

        if (!char.IsUpper(words[0][0]))
        {
            fault("field '" + words[0] + "' does not begin with a capital");
            return null;
        }

        var field = new FieldDefinition(words[0], type, line);
        for (var i = 2; i < words.Length; i++)
        {
            if (!ReadAttribute(field, words, ref i)) fault("field '" + field.Name + "': '" + words[i] + "' is not understood here");
        }

        if (alwaysNullable) field.Nullable = field.Versions;
        return field;
    }

    private static bool ReadAttribute(FieldDefinition field, string[] words, ref int i)
    {
        var hasNext = i + 1 < words.Length;
        switch (words[i])
        {
            case "ignorable":
                field.Ignorable = true;
                return true;
            case "plain":
                field.Plain = true;
                return true;
            case "nullable" when hasNext && VersionRange.TryParse(words[i + 1], out var nullable):
                field.Nullable = nullable;
                i++;
                return true;
            case "tag" when hasNext && int.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var tag):
                field.Tag = tag;
                i++;
                return true;
            case "=" when hasNext:
                field.Default = words[++i];
                return true;
            default:
                if (i != 2 || !VersionRange.TryParse(words[i], out var versions)) return false;
                field.Versions = versions;
                return true;
        }
    }
}
