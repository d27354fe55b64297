using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.ProtocolGenerator.Emission;

/// <summary>One field as C# sees it: its type, its default, and the conditions its versions make. Knows nothing of reading or writing.</summary>
internal sealed class FieldCode
{
    private readonly MessageDefinition _message;

    public FieldCode(MessageDefinition message, StructDefinition owner, FieldDefinition field)
    {
        _message = message;
        Definition = field;
        Versions = field.Versions.Intersect(message.Versions);
        Nullable = field.Nullable.Intersect(Versions);
        Place = Quote(owner == message.Root ? message.Name + "." + field.Name : message.Name + "." + owner.Name + "." + field.Name);
    }

    public FieldDefinition Definition { get; }

    public string Name => Definition.Name;

    public FieldType Type => Definition.Type;

    public VersionRange Versions { get; }

    public VersionRange Nullable { get; }

    public bool IsTagged => Definition.Tag >= 0;

    /// <summary>The quoted path that errors name.</summary>
    public string Place { get; }

    public bool EverNullable => !Nullable.IsEmpty;

    public bool AlwaysNullable => EverNullable && Nullable.Covers(Versions);

    /// <summary>Whether the C# type itself can be null; records carry their null inside.</summary>
    public bool IsReference => Type.IsArray || Type.Kind is WireKind.String or WireKind.Struct;

    public string ElementType => Type.Kind switch
    {
        WireKind.Bool => "bool",
        WireKind.Int8 => "sbyte",
        WireKind.Int16 => "short",
        WireKind.UInt16 => "ushort",
        WireKind.Int32 => "int",
        WireKind.UInt32 => "uint",
        WireKind.Int64 => "long",
        WireKind.Float64 => "double",
        WireKind.Uuid => "Uuid",
        WireKind.Error => "ErrorCode",
        WireKind.String => "string",
        WireKind.Bytes => "ReadOnlyMemory<byte>",
        WireKind.Records => "RecordData",
        _ => Type.StructName!,
    };

    public string CSharpType
    {
        get
        {
            var type = Type.IsArray ? "WireList<" + ElementType + ">" : ElementType;
            return EverNullable && Type.Kind != WireKind.Records ? type + "?" : type;
        }
    }

    /// <summary>The fixed wire size, or 0 where it depends on the content.</summary>
    public int FixedSize => Type.IsArray ? 0 : ElementSize;

    public int ElementSize => Type.Kind switch
    {
        WireKind.Bool or WireKind.Int8 => 1,
        WireKind.Int16 or WireKind.UInt16 or WireKind.Error => 2,
        WireKind.Int32 or WireKind.UInt32 => 4,
        WireKind.Int64 or WireKind.Float64 => 8,
        WireKind.Uuid => 16,
        _ => 0,
    };

    /// <summary>The default as an expression; arrays and structs are made new.</summary>
    public string DefaultValue
    {
        get
        {
            if (Definition.DefaultIsNull) return Type.Kind == WireKind.Records ? "RecordData.Null" : "null";
            if (Type.IsArray || Type.Kind == WireKind.Struct) return "new()";
            return Type.Kind switch
            {
                WireKind.String => Quote(Definition.Default ?? ""),
                WireKind.Bytes => "ReadOnlyMemory<byte>.Empty",
                WireKind.Records => "default",
                WireKind.Bool => Definition.Default ?? "false",
                WireKind.Uuid => "Uuid.Zero",
                WireKind.Error => "(ErrorCode)(" + (Definition.Default ?? "0") + ")",
                WireKind.Int64 => Number("L"),
                WireKind.UInt32 => Number("U"),
                WireKind.Float64 => Number("D"),
                _ => Number(""),
            };
        }
    }

    /// <summary>A condition that holds when the field has its default, which a tagged field then leaves out.</summary>
    public string IsDefault
    {
        get
        {
            if (Type.Kind == WireKind.Records && !Type.IsArray) return Definition.DefaultIsNull ? Name + ".IsNull" : Name + " is { IsNull: false, Length: 0 }";
            if (Definition.DefaultIsNull) return Name + " is null";
            if (Type.IsArray) return EverNullable ? Name + " is { Count: 0 }" : Name + ".Count == 0";
            return Type.Kind switch
            {
                WireKind.Bytes => EverNullable ? Name + " is { Length: 0 }" : Name + ".Length == 0",
                WireKind.Struct => EverNullable ? Name + " is { IsDefault: true }" : Name + ".IsDefault",
                // Bitwise, so that -0.0 and NaN count as set, as they do for Kafka.
                WireKind.Float64 => "BitConverter.DoubleToInt64Bits(" + Name + ") == BitConverter.DoubleToInt64Bits(" + DefaultValue + ")",
                _ => Name + " == " + DefaultValue,
            };
        }
    }

    /// <summary>A condition that holds when the field is null, or null where it never is.</summary>
    public string? IsNull
    {
        get
        {
            if (Type.Kind == WireKind.Records && !Type.IsArray) return Name + ".IsNull";
            return EverNullable ? Name + " is null" : null;
        }
    }

    /// <summary>A statement that puts the default back and keeps memory where it can.</summary>
    public string ResetStatement
    {
        get
        {
            if (!Definition.DefaultIsNull && (Type.IsArray || Type.Kind == WireKind.Struct))
                return (EverNullable ? "(" + Name + " ??= new())" : Name) + (Type.IsArray ? ".Clear();" : ".Reset();");
            return Name + " = " + DefaultValue + ";";
        }
    }

    /// <summary>The condition under which a version has this field; null for always.</summary>
    public string? Present => Condition(Versions);

    /// <summary>The condition under which null may be written, among the field's versions; null where always or never.</summary>
    public string? NullAllowed => Condition(Nullable);

    /// <summary>Whether lengths take the compact form: a literal, or the local <c>flexible</c>.</summary>
    public string Compact
    {
        get
        {
            var flexible = _message.Flexible.Intersect(Versions);
            if (Definition.Plain || flexible.IsEmpty) return "false";
            return flexible.Covers(Versions) ? "true" : "flexible";
        }
    }

    private string? Condition(VersionRange range)
    {
        var fromStart = range.First <= _message.Versions.First;
        var toEnd = range.Last >= _message.Versions.Last;
        if (fromStart && toEnd) return null;
        if (range.First == range.Last) return "version == " + range.First;
        if (toEnd) return "version >= " + range.First;
        return fromStart ? "version <= " + range.Last : "version is >= " + range.First + " and <= " + range.Last;
    }

    private string Number(string suffix) => (Definition.Default ?? "0") + suffix;

    private static string Quote(string text) => "\"" + text + "\"";

}
