using System.Buffers.Binary;
using System.Collections;
using System.Reflection;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;
using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Shared.Messages;

/// <summary>One field and its property: a value of content becomes what the property holds, and back.</summary>
internal sealed class FieldBinding
{
    private readonly PropertyInfo _property;
    private readonly StructBinding? _struct;
    private readonly MethodInfo? _add;

    public FieldBinding(FieldDefinition definition, PropertyInfo property, StructBinding? structure)
    {
        Definition = definition;
        _property = property;
        _struct = structure;
        if (definition.Type.IsArray) _add = property.PropertyType.GetMethod("Add")!;
    }

    public FieldDefinition Definition { get; }

    public void Set(object owner, object? value) => _property.SetValue(owner, Definition.Type.IsArray ? NewList(value) : ToProperty(value));

    public object? Get(object owner, short version)
    {
        var value = _property.GetValue(owner);
        if (!Definition.Type.IsArray) return ToContent(value, version);
        return (value as IEnumerable)?.Cast<object?>().Select(item => ToContent(item, version)).ToList();
    }

    private object? NewList(object? value)
    {
        if (value is null) return null;
        var list = Activator.CreateInstance(_property.PropertyType)!;
        foreach (var item in (List<object?>)value) _add!.Invoke(list, [ToProperty(item)]);
        return list;
    }

    private object? ToProperty(object? value) => (Definition.Type.Kind, value) switch
    {
        (WireKind.Records, null) => RecordData.Null,
        (_, null) => null,
        (WireKind.Int8, long number) => (sbyte)number,
        (WireKind.Int16, long number) => (short)number,
        (WireKind.Error, long number) => (ErrorCode)(short)number,
        (WireKind.UInt16, long number) => (ushort)number,
        (WireKind.Int32, long number) => (int)number,
        (WireKind.UInt32, long number) => (uint)number,
        (WireKind.Uuid, byte[] id) => new Uuid(BinaryPrimitives.ReadUInt64BigEndian(id), BinaryPrimitives.ReadUInt64BigEndian(id.AsSpan(8))),
        (WireKind.Bytes, byte[] bytes) => new ReadOnlyMemory<byte>(bytes),
        (WireKind.Records, byte[] bytes) => RecordData.Of(bytes),
        (WireKind.Struct, Dictionary<string, object?> content) => _struct!.Create(content),
        _ => value,
    };

    private object? ToContent(object? value, short version) => value switch
    {
        null => null,
        sbyte number => (long)number,
        short number => (long)number,
        ErrorCode error => (long)(short)error,
        ushort number => (long)number,
        int number => (long)number,
        uint number => (long)number,
        Uuid id => BytesOf(id),
        ReadOnlyMemory<byte> bytes => bytes.ToArray(),
        RecordData records => records.IsNull ? null : records.Bytes.ToArray(),
        bool or long or double or string => value,
        _ => _struct!.Read(value, version),
    };

    private static byte[] BytesOf(Uuid id)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, id.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), id.Low);
        return bytes;
    }
}
