namespace Moldau.ProtocolGenerator.Definitions;

/// <summary>The kinds of value the wire has.</summary>
public enum WireKind
{
    Bool, Int8, Int16, UInt16, Int32, UInt32, Int64, Float64, Uuid, Error, String, Bytes, Records, Struct,
}
