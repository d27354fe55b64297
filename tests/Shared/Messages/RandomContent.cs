using System.Globalization;
using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Shared.Messages;

/// <summary>
/// Content for any message, made from its definition. A message's content is a dictionary of its fields; a struct is
/// one too, an array a list; a value is a bool, a long, a double, a string, or bytes (ids, bytes and records).
/// <para>The same seed, message, version and sample always make the same content, whatever else is asked for.</para>
/// </summary>
internal sealed class RandomContent
{
    private readonly MessageDefinition _message;
    private readonly short _version;
    private readonly ContentProfile _profile;
    private readonly RandomValues _values;

    private RandomContent(MessageDefinition message, short version, ContentProfile profile, Random random)
    {
        _message = message;
        _version = version;
        _profile = profile;
        _values = new RandomValues(random);
    }

    /// <summary>The first sample of a version is full, the second sparse; then lean ones and mixed ones take turns.</summary>
    public static Dictionary<string, object?> Make(MessageDefinition message, short version, int seed, int sample)
    {
        var profile = sample switch
        {
            0 => ContentProfile.Full,
            1 => ContentProfile.Sparse,
            _ when sample % 2 == 0 => ContentProfile.Lean,
            _ => ContentProfile.Mixed,
        };
        var content = new RandomContent(message, version, profile, new Random(Mix(message.Name, version, seed, sample)));
        return content.Struct(message.Root);
    }

    private Dictionary<string, object?> Struct(StructDefinition definition)
    {
        var content = new Dictionary<string, object?>();
        foreach (var field in definition.Fields)
        {
            if (field.Versions.Contains(_version)) content.Add(field.Name, Field(field));
        }

        return content;
    }

    private object? Field(FieldDefinition field)
    {
        if (field.Nullable.Contains(_version) && Decide(25)) return null;
        if (_values.Chance(ChanceOfDefault(field)) && TryDefault(field, out var value)) return value;
        if (!field.Type.IsArray) return Element(field.Type);
        var list = new List<object?>();
        for (var remaining = Count(field.Type); remaining > 0; remaining--) list.Add(Element(field.Type));
        return list;
    }

    private object Element(FieldType type)
    {
        if (type.Kind == WireKind.Struct) return Struct(_message.Find(type.StructName!)!);
        return _profile == ContentProfile.Sparse ? RandomValues.Nothing(type.Kind) : _values.Value(type.Kind);
    }

    /// <summary>In percent. Only as its default does a tagged field stay out of the bytes.</summary>
    private int ChanceOfDefault(FieldDefinition field) => _profile switch
    {
        ContentProfile.Lean => 80,
        ContentProfile.Mixed when field.Tag >= 0 => 50,
        _ => 0,
    };

    /// <summary>The default, unless it is null where the version allows none.</summary>
    private bool TryDefault(FieldDefinition field, out object? value)
    {
        value = field.DefaultIsNull ? null : Default(field);
        return value is not null || field.Nullable.Contains(_version);
    }

    private object? Default(FieldDefinition field)
    {
        if (field.Type.IsArray) return new List<object?>();
        if (field.Type.Kind == WireKind.Struct) return DefaultStruct(_message.Find(field.Type.StructName!)!);
        if (field.Default is null) return RandomValues.Nothing(field.Type.Kind);
        return field.Type.Kind switch
        {
            WireKind.Bool => bool.Parse(field.Default),
            WireKind.Float64 => double.Parse(field.Default, CultureInfo.InvariantCulture),
            WireKind.String => field.Default,
            _ => long.Parse(field.Default, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Null where one of its fields has no default in this version.</summary>
    private Dictionary<string, object?>? DefaultStruct(StructDefinition definition)
    {
        var content = new Dictionary<string, object?>();
        foreach (var field in definition.Fields.Where(field => field.Versions.Contains(_version)))
        {
            if (!TryDefault(field, out var value)) return null;
            content.Add(field.Name, value);
        }

        return content;
    }

    private int Count(FieldType type) => _profile switch
    {
        ContentProfile.Full => 1 + _values.Below(2),
        ContentProfile.Sparse => 0,
        ContentProfile.Lean => _values.Below(3),
        // An array whose count takes two bytes, where its elements are small.
        _ => type.Kind != WireKind.Struct && _values.Chance(2) ? 130 : _values.Below(4),
    };

    private bool Decide(int percent) => _profile switch
    {
        ContentProfile.Full => false,
        ContentProfile.Sparse => true,
        _ => _values.Chance(percent),
    };

    private static int Mix(string name, short version, int seed, int sample)
    {
        var hash = 2166136261u;
        foreach (var value in name.Select(character => (int)character).Append(version).Append(seed).Append(sample))
            hash = (hash ^ (uint)value) * 16777619u;
        return (int)(hash & int.MaxValue);
    }
}
