/**
 * Made from ../messages.ts by pbjs: UPDATE=1 npx vitest run src/wire/generated.test.ts
 */
// @ts-nocheck
export function createCodecs($protobuf) {
var $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
var $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

var $root = $protobuf.roots["otlp"] || ($protobuf.roots["otlp"] = {});

$root.SpanKind = (function() {
    var valuesById = $Object.create(null), values = $Object.create(valuesById);
    values[valuesById[0] = "SPAN_KIND_UNSPECIFIED"] = 0;
    values[valuesById[1] = "SPAN_KIND_INTERNAL"] = 1;
    values[valuesById[2] = "SPAN_KIND_SERVER"] = 2;
    values[valuesById[3] = "SPAN_KIND_CLIENT"] = 3;
    values[valuesById[4] = "SPAN_KIND_PRODUCER"] = 4;
    values[valuesById[5] = "SPAN_KIND_CONSUMER"] = 5;
    return values;
})();

$root.StatusCode = (function() {
    var valuesById = $Object.create(null), values = $Object.create(valuesById);
    values[valuesById[0] = "STATUS_CODE_UNSET"] = 0;
    values[valuesById[1] = "STATUS_CODE_OK"] = 1;
    values[valuesById[2] = "STATUS_CODE_ERROR"] = 2;
    return values;
})();

$root.AggregationTemporality = (function() {
    var valuesById = $Object.create(null), values = $Object.create(valuesById);
    values[valuesById[0] = "AGGREGATION_TEMPORALITY_UNSPECIFIED"] = 0;
    values[valuesById[1] = "AGGREGATION_TEMPORALITY_DELTA"] = 1;
    values[valuesById[2] = "AGGREGATION_TEMPORALITY_CUMULATIVE"] = 2;
    return values;
})();

$root.SeverityNumber = (function() {
    var valuesById = $Object.create(null), values = $Object.create(valuesById);
    values[valuesById[0] = "SEVERITY_NUMBER_UNSPECIFIED"] = 0;
    values[valuesById[1] = "SEVERITY_NUMBER_TRACE"] = 1;
    values[valuesById[2] = "SEVERITY_NUMBER_TRACE2"] = 2;
    values[valuesById[3] = "SEVERITY_NUMBER_TRACE3"] = 3;
    values[valuesById[4] = "SEVERITY_NUMBER_TRACE4"] = 4;
    values[valuesById[5] = "SEVERITY_NUMBER_DEBUG"] = 5;
    values[valuesById[6] = "SEVERITY_NUMBER_DEBUG2"] = 6;
    values[valuesById[7] = "SEVERITY_NUMBER_DEBUG3"] = 7;
    values[valuesById[8] = "SEVERITY_NUMBER_DEBUG4"] = 8;
    values[valuesById[9] = "SEVERITY_NUMBER_INFO"] = 9;
    values[valuesById[10] = "SEVERITY_NUMBER_INFO2"] = 10;
    values[valuesById[11] = "SEVERITY_NUMBER_INFO3"] = 11;
    values[valuesById[12] = "SEVERITY_NUMBER_INFO4"] = 12;
    values[valuesById[13] = "SEVERITY_NUMBER_WARN"] = 13;
    values[valuesById[14] = "SEVERITY_NUMBER_WARN2"] = 14;
    values[valuesById[15] = "SEVERITY_NUMBER_WARN3"] = 15;
    values[valuesById[16] = "SEVERITY_NUMBER_WARN4"] = 16;
    values[valuesById[17] = "SEVERITY_NUMBER_ERROR"] = 17;
    values[valuesById[18] = "SEVERITY_NUMBER_ERROR2"] = 18;
    values[valuesById[19] = "SEVERITY_NUMBER_ERROR3"] = 19;
    values[valuesById[20] = "SEVERITY_NUMBER_ERROR4"] = 20;
    values[valuesById[21] = "SEVERITY_NUMBER_FATAL"] = 21;
    values[valuesById[22] = "SEVERITY_NUMBER_FATAL2"] = 22;
    values[valuesById[23] = "SEVERITY_NUMBER_FATAL3"] = 23;
    values[valuesById[24] = "SEVERITY_NUMBER_FATAL4"] = 24;
    return values;
})();

$root.MetricType = (function() {
    var valuesById = $Object.create(null), values = $Object.create(valuesById);
    values[valuesById[0] = "UNKNOWN"] = 0;
    values[valuesById[1] = "COUNTER"] = 1;
    values[valuesById[2] = "GAUGE"] = 2;
    values[valuesById[3] = "HISTOGRAM"] = 3;
    values[valuesById[4] = "GAUGEHISTOGRAM"] = 4;
    values[valuesById[5] = "SUMMARY"] = 5;
    values[valuesById[6] = "INFO"] = 6;
    values[valuesById[7] = "STATESET"] = 7;
    return values;
})();

$root.ResetHint = (function() {
    var valuesById = $Object.create(null), values = $Object.create(valuesById);
    values[valuesById[0] = "UNKNOWN"] = 0;
    values[valuesById[1] = "YES"] = 1;
    values[valuesById[2] = "NO"] = 2;
    values[valuesById[3] = "GAUGE"] = 3;
    return values;
})();

$root.AnyValue = (function() {

    var AnyValue = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    AnyValue.prototype.stringValue = null;
    AnyValue.prototype.boolValue = null;
    AnyValue.prototype.intValue = null;
    AnyValue.prototype.doubleValue = null;
    AnyValue.prototype.arrayValue = null;
    AnyValue.prototype.kvlistValue = null;
    AnyValue.prototype.bytesValue = null;

    var $oneOfFields;

    $Object.defineProperty(AnyValue.prototype, "value", {
        get: $util.oneOfGetter($oneOfFields = ["stringValue", "boolValue", "intValue", "doubleValue", "arrayValue", "kvlistValue", "bytesValue"]),
        set: $util.oneOfSetter($oneOfFields)
    });

    AnyValue.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.stringValue != null && $Object.hasOwnProperty.call(message, "stringValue"))
            writer.uint32(10).string(message.stringValue);
        if (message.boolValue != null && $Object.hasOwnProperty.call(message, "boolValue"))
            writer.uint32(16).bool(message.boolValue);
        if (message.intValue != null && $Object.hasOwnProperty.call(message, "intValue"))
            writer.uint32(24).int64(message.intValue);
        if (message.doubleValue != null && $Object.hasOwnProperty.call(message, "doubleValue"))
            writer.uint32(33).double(message.doubleValue);
        if (message.arrayValue != null && $Object.hasOwnProperty.call(message, "arrayValue"))
            $root.ArrayValue.encode(message.arrayValue, writer.uint32(42).fork(), _depth + 1).ldelim();
        if (message.kvlistValue != null && $Object.hasOwnProperty.call(message, "kvlistValue"))
            $root.KeyValueList.encode(message.kvlistValue, writer.uint32(50).fork(), _depth + 1).ldelim();
        if (message.bytesValue != null && $Object.hasOwnProperty.call(message, "bytesValue"))
            writer.uint32(58).bytes(message.bytesValue);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    AnyValue.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.AnyValue();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    message.stringValue = reader.stringVerify();
                    message.value = "stringValue";
                    continue;
                }
            case 2: {
                    if (wireType !== 0)
                        break;
                    message.boolValue = reader.bool();
                    message.value = "boolValue";
                    continue;
                }
            case 3: {
                    if (wireType !== 0)
                        break;
                    message.intValue = reader.int64();
                    message.value = "intValue";
                    continue;
                }
            case 4: {
                    if (wireType !== 1)
                        break;
                    message.doubleValue = reader.double();
                    message.value = "doubleValue";
                    continue;
                }
            case 5: {
                    if (wireType !== 2)
                        break;
                    message.arrayValue = $root.ArrayValue.decode(reader, reader.size(), $undefined, _depth + 1, message.arrayValue);
                    message.value = "arrayValue";
                    continue;
                }
            case 6: {
                    if (wireType !== 2)
                        break;
                    message.kvlistValue = $root.KeyValueList.decode(reader, reader.size(), $undefined, _depth + 1, message.kvlistValue);
                    message.value = "kvlistValue";
                    continue;
                }
            case 7: {
                    if (wireType !== 2)
                        break;
                    message.bytesValue = reader.bytes();
                    message.value = "bytesValue";
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return AnyValue;
})();

$root.ArrayValue = (function() {

    var ArrayValue = function (properties) {
        this.values = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ArrayValue.prototype.values = $util.emptyArray;

    ArrayValue.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.values != null && message.values.length)
            for (var i = 0; i < message.values.length; ++i)
                $root.AnyValue.encode(message.values[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ArrayValue.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ArrayValue();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.values && message.values.length))
                        message.values = [];
                    message.values.push($root.AnyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ArrayValue;
})();

$root.KeyValueList = (function() {

    var KeyValueList = function (properties) {
        this.values = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    KeyValueList.prototype.values = $util.emptyArray;

    KeyValueList.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.values != null && message.values.length)
            for (var i = 0; i < message.values.length; ++i)
                $root.KeyValue.encode(message.values[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    KeyValueList.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.KeyValueList();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.values && message.values.length))
                        message.values = [];
                    message.values.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return KeyValueList;
})();

$root.KeyValue = (function() {

    var KeyValue = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    KeyValue.prototype.key = "";
    KeyValue.prototype.value = null;

    KeyValue.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key !== "")
            writer.uint32(10).string(message.key);
        if (message.value != null && $Object.hasOwnProperty.call(message, "value"))
            $root.AnyValue.encode(message.value, writer.uint32(18).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    KeyValue.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.KeyValue();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.key = value;
                    else
                        delete message.key;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    message.value = $root.AnyValue.decode(reader, reader.size(), $undefined, _depth + 1, message.value);
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return KeyValue;
})();

$root.InstrumentationScope = (function() {

    var InstrumentationScope = function (properties) {
        this.attributes = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    InstrumentationScope.prototype.name = "";
    InstrumentationScope.prototype.version = "";
    InstrumentationScope.prototype.attributes = $util.emptyArray;
    InstrumentationScope.prototype.droppedAttributesCount = 0;

    InstrumentationScope.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
            writer.uint32(10).string(message.name);
        if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
            writer.uint32(18).string(message.version);
        if (message.attributes != null && message.attributes.length)
            for (var i = 0; i < message.attributes.length; ++i)
                $root.KeyValue.encode(message.attributes[i], writer.uint32(26).fork(), _depth + 1).ldelim();
        if (message.droppedAttributesCount != null && $Object.hasOwnProperty.call(message, "droppedAttributesCount") && message.droppedAttributesCount !== 0)
            writer.uint32(32).uint32(message.droppedAttributesCount);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    InstrumentationScope.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.InstrumentationScope();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.name = value;
                    else
                        delete message.name;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.version = value;
                    else
                        delete message.version;
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if (!(message.attributes && message.attributes.length))
                        message.attributes = [];
                    message.attributes.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 4: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.droppedAttributesCount = value;
                    else
                        delete message.droppedAttributesCount;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return InstrumentationScope;
})();

$root.EntityRef = (function() {

    var EntityRef = function (properties) {
        this.idKeys = [];
        this.descriptionKeys = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    EntityRef.prototype.schemaUrl = "";
    EntityRef.prototype.type = "";
    EntityRef.prototype.idKeys = $util.emptyArray;
    EntityRef.prototype.descriptionKeys = $util.emptyArray;

    EntityRef.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.schemaUrl != null && $Object.hasOwnProperty.call(message, "schemaUrl") && message.schemaUrl !== "")
            writer.uint32(10).string(message.schemaUrl);
        if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== "")
            writer.uint32(18).string(message.type);
        if (message.idKeys != null && message.idKeys.length)
            for (var i = 0; i < message.idKeys.length; ++i)
                writer.uint32(26).string(message.idKeys[i]);
        if (message.descriptionKeys != null && message.descriptionKeys.length)
            for (var i = 0; i < message.descriptionKeys.length; ++i)
                writer.uint32(34).string(message.descriptionKeys[i]);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    EntityRef.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.EntityRef();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.schemaUrl = value;
                    else
                        delete message.schemaUrl;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.type = value;
                    else
                        delete message.type;
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if (!(message.idKeys && message.idKeys.length))
                        message.idKeys = [];
                    message.idKeys.push(reader.stringVerify());
                    continue;
                }
            case 4: {
                    if (wireType !== 2)
                        break;
                    if (!(message.descriptionKeys && message.descriptionKeys.length))
                        message.descriptionKeys = [];
                    message.descriptionKeys.push(reader.stringVerify());
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return EntityRef;
})();

$root.Resource = (function() {

    var Resource = function (properties) {
        this.attributes = [];
        this.entityRefs = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Resource.prototype.attributes = $util.emptyArray;
    Resource.prototype.droppedAttributesCount = 0;
    Resource.prototype.entityRefs = $util.emptyArray;

    Resource.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.attributes != null && message.attributes.length)
            for (var i = 0; i < message.attributes.length; ++i)
                $root.KeyValue.encode(message.attributes[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.droppedAttributesCount != null && $Object.hasOwnProperty.call(message, "droppedAttributesCount") && message.droppedAttributesCount !== 0)
            writer.uint32(16).uint32(message.droppedAttributesCount);
        if (message.entityRefs != null && message.entityRefs.length)
            for (var i = 0; i < message.entityRefs.length; ++i)
                $root.EntityRef.encode(message.entityRefs[i], writer.uint32(26).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Resource.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Resource();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.attributes && message.attributes.length))
                        message.attributes = [];
                    message.attributes.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 2: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.droppedAttributesCount = value;
                    else
                        delete message.droppedAttributesCount;
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if (!(message.entityRefs && message.entityRefs.length))
                        message.entityRefs = [];
                    message.entityRefs.push($root.EntityRef.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Resource;
})();

$root.ExportTraceServiceRequest = (function() {

    var ExportTraceServiceRequest = function (properties) {
        this.resourceSpans = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ExportTraceServiceRequest.prototype.resourceSpans = $util.emptyArray;

    ExportTraceServiceRequest.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.resourceSpans != null && message.resourceSpans.length)
            for (var i = 0; i < message.resourceSpans.length; ++i)
                $root.ResourceSpans.encode(message.resourceSpans[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ExportTraceServiceRequest.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ExportTraceServiceRequest();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.resourceSpans && message.resourceSpans.length))
                        message.resourceSpans = [];
                    message.resourceSpans.push($root.ResourceSpans.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ExportTraceServiceRequest;
})();

$root.ResourceSpans = (function() {

    var ResourceSpans = function (properties) {
        this.scopeSpans = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ResourceSpans.prototype.resource = null;
    ResourceSpans.prototype.scopeSpans = $util.emptyArray;
    ResourceSpans.prototype.schemaUrl = "";

    ResourceSpans.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.resource != null && $Object.hasOwnProperty.call(message, "resource"))
            $root.Resource.encode(message.resource, writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.scopeSpans != null && message.scopeSpans.length)
            for (var i = 0; i < message.scopeSpans.length; ++i)
                $root.ScopeSpans.encode(message.scopeSpans[i], writer.uint32(18).fork(), _depth + 1).ldelim();
        if (message.schemaUrl != null && $Object.hasOwnProperty.call(message, "schemaUrl") && message.schemaUrl !== "")
            writer.uint32(26).string(message.schemaUrl);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ResourceSpans.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ResourceSpans();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    message.resource = $root.Resource.decode(reader, reader.size(), $undefined, _depth + 1, message.resource);
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if (!(message.scopeSpans && message.scopeSpans.length))
                        message.scopeSpans = [];
                    message.scopeSpans.push($root.ScopeSpans.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.schemaUrl = value;
                    else
                        delete message.schemaUrl;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ResourceSpans;
})();

$root.ScopeSpans = (function() {

    var ScopeSpans = function (properties) {
        this.spans = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ScopeSpans.prototype.scope = null;
    ScopeSpans.prototype.spans = $util.emptyArray;
    ScopeSpans.prototype.schemaUrl = "";

    ScopeSpans.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.scope != null && $Object.hasOwnProperty.call(message, "scope"))
            $root.InstrumentationScope.encode(message.scope, writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.spans != null && message.spans.length)
            for (var i = 0; i < message.spans.length; ++i)
                $root.Span.encode(message.spans[i], writer.uint32(18).fork(), _depth + 1).ldelim();
        if (message.schemaUrl != null && $Object.hasOwnProperty.call(message, "schemaUrl") && message.schemaUrl !== "")
            writer.uint32(26).string(message.schemaUrl);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ScopeSpans.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ScopeSpans();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    message.scope = $root.InstrumentationScope.decode(reader, reader.size(), $undefined, _depth + 1, message.scope);
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if (!(message.spans && message.spans.length))
                        message.spans = [];
                    message.spans.push($root.Span.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.schemaUrl = value;
                    else
                        delete message.schemaUrl;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ScopeSpans;
})();

$root.Span = (function() {

    var Span = function (properties) {
        this.attributes = [];
        this.events = [];
        this.links = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Span.prototype.traceId = $util.newBuffer([]);
    Span.prototype.spanId = $util.newBuffer([]);
    Span.prototype.traceState = "";
    Span.prototype.parentSpanId = $util.newBuffer([]);
    Span.prototype.name = "";
    Span.prototype.kind = 0;
    Span.prototype.startTimeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    Span.prototype.endTimeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    Span.prototype.attributes = $util.emptyArray;
    Span.prototype.droppedAttributesCount = 0;
    Span.prototype.events = $util.emptyArray;
    Span.prototype.droppedEventsCount = 0;
    Span.prototype.links = $util.emptyArray;
    Span.prototype.droppedLinksCount = 0;
    Span.prototype.status = null;
    Span.prototype.flags = 0;

    Span.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.traceId != null && $Object.hasOwnProperty.call(message, "traceId") && message.traceId.length)
            writer.uint32(10).bytes(message.traceId);
        if (message.spanId != null && $Object.hasOwnProperty.call(message, "spanId") && message.spanId.length)
            writer.uint32(18).bytes(message.spanId);
        if (message.traceState != null && $Object.hasOwnProperty.call(message, "traceState") && message.traceState !== "")
            writer.uint32(26).string(message.traceState);
        if (message.parentSpanId != null && $Object.hasOwnProperty.call(message, "parentSpanId") && message.parentSpanId.length)
            writer.uint32(34).bytes(message.parentSpanId);
        if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
            writer.uint32(42).string(message.name);
        if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
            writer.uint32(48).int32(message.kind);
        if (message.startTimeUnixNano != null && $Object.hasOwnProperty.call(message, "startTimeUnixNano") && (typeof message.startTimeUnixNano === "object" ? message.startTimeUnixNano.low || message.startTimeUnixNano.high : message.startTimeUnixNano !== 0))
            writer.uint32(57).fixed64(message.startTimeUnixNano);
        if (message.endTimeUnixNano != null && $Object.hasOwnProperty.call(message, "endTimeUnixNano") && (typeof message.endTimeUnixNano === "object" ? message.endTimeUnixNano.low || message.endTimeUnixNano.high : message.endTimeUnixNano !== 0))
            writer.uint32(65).fixed64(message.endTimeUnixNano);
        if (message.attributes != null && message.attributes.length)
            for (var i = 0; i < message.attributes.length; ++i)
                $root.KeyValue.encode(message.attributes[i], writer.uint32(74).fork(), _depth + 1).ldelim();
        if (message.droppedAttributesCount != null && $Object.hasOwnProperty.call(message, "droppedAttributesCount") && message.droppedAttributesCount !== 0)
            writer.uint32(80).uint32(message.droppedAttributesCount);
        if (message.events != null && message.events.length)
            for (var i = 0; i < message.events.length; ++i)
                $root.Event.encode(message.events[i], writer.uint32(90).fork(), _depth + 1).ldelim();
        if (message.droppedEventsCount != null && $Object.hasOwnProperty.call(message, "droppedEventsCount") && message.droppedEventsCount !== 0)
            writer.uint32(96).uint32(message.droppedEventsCount);
        if (message.links != null && message.links.length)
            for (var i = 0; i < message.links.length; ++i)
                $root.Link.encode(message.links[i], writer.uint32(106).fork(), _depth + 1).ldelim();
        if (message.droppedLinksCount != null && $Object.hasOwnProperty.call(message, "droppedLinksCount") && message.droppedLinksCount !== 0)
            writer.uint32(112).uint32(message.droppedLinksCount);
        if (message.status != null && $Object.hasOwnProperty.call(message, "status"))
            $root.SpanStatus.encode(message.status, writer.uint32(122).fork(), _depth + 1).ldelim();
        if (message.flags != null && $Object.hasOwnProperty.call(message, "flags") && message.flags !== 0)
            writer.uint32(133).fixed32(message.flags);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Span.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Span();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.traceId = value;
                    else
                        delete message.traceId;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.spanId = value;
                    else
                        delete message.spanId;
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.traceState = value;
                    else
                        delete message.traceState;
                    continue;
                }
            case 4: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.parentSpanId = value;
                    else
                        delete message.parentSpanId;
                    continue;
                }
            case 5: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.name = value;
                    else
                        delete message.name;
                    continue;
                }
            case 6: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.int32())
                        message.kind = value;
                    else
                        delete message.kind;
                    continue;
                }
            case 7: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.startTimeUnixNano = value;
                    else
                        delete message.startTimeUnixNano;
                    continue;
                }
            case 8: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.endTimeUnixNano = value;
                    else
                        delete message.endTimeUnixNano;
                    continue;
                }
            case 9: {
                    if (wireType !== 2)
                        break;
                    if (!(message.attributes && message.attributes.length))
                        message.attributes = [];
                    message.attributes.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 10: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.droppedAttributesCount = value;
                    else
                        delete message.droppedAttributesCount;
                    continue;
                }
            case 11: {
                    if (wireType !== 2)
                        break;
                    if (!(message.events && message.events.length))
                        message.events = [];
                    message.events.push($root.Event.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 12: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.droppedEventsCount = value;
                    else
                        delete message.droppedEventsCount;
                    continue;
                }
            case 13: {
                    if (wireType !== 2)
                        break;
                    if (!(message.links && message.links.length))
                        message.links = [];
                    message.links.push($root.Link.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 14: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.droppedLinksCount = value;
                    else
                        delete message.droppedLinksCount;
                    continue;
                }
            case 15: {
                    if (wireType !== 2)
                        break;
                    message.status = $root.SpanStatus.decode(reader, reader.size(), $undefined, _depth + 1, message.status);
                    continue;
                }
            case 16: {
                    if (wireType !== 5)
                        break;
                    if (value = reader.fixed32())
                        message.flags = value;
                    else
                        delete message.flags;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Span;
})();

$root.Event = (function() {

    var Event = function (properties) {
        this.attributes = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Event.prototype.timeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    Event.prototype.name = "";
    Event.prototype.attributes = $util.emptyArray;
    Event.prototype.droppedAttributesCount = 0;

    Event.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.timeUnixNano != null && $Object.hasOwnProperty.call(message, "timeUnixNano") && (typeof message.timeUnixNano === "object" ? message.timeUnixNano.low || message.timeUnixNano.high : message.timeUnixNano !== 0))
            writer.uint32(9).fixed64(message.timeUnixNano);
        if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
            writer.uint32(18).string(message.name);
        if (message.attributes != null && message.attributes.length)
            for (var i = 0; i < message.attributes.length; ++i)
                $root.KeyValue.encode(message.attributes[i], writer.uint32(26).fork(), _depth + 1).ldelim();
        if (message.droppedAttributesCount != null && $Object.hasOwnProperty.call(message, "droppedAttributesCount") && message.droppedAttributesCount !== 0)
            writer.uint32(32).uint32(message.droppedAttributesCount);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Event.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Event();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.timeUnixNano = value;
                    else
                        delete message.timeUnixNano;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.name = value;
                    else
                        delete message.name;
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if (!(message.attributes && message.attributes.length))
                        message.attributes = [];
                    message.attributes.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 4: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.droppedAttributesCount = value;
                    else
                        delete message.droppedAttributesCount;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Event;
})();

$root.Link = (function() {

    var Link = function (properties) {
        this.attributes = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Link.prototype.traceId = $util.newBuffer([]);
    Link.prototype.spanId = $util.newBuffer([]);
    Link.prototype.traceState = "";
    Link.prototype.attributes = $util.emptyArray;
    Link.prototype.droppedAttributesCount = 0;
    Link.prototype.flags = 0;

    Link.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.traceId != null && $Object.hasOwnProperty.call(message, "traceId") && message.traceId.length)
            writer.uint32(10).bytes(message.traceId);
        if (message.spanId != null && $Object.hasOwnProperty.call(message, "spanId") && message.spanId.length)
            writer.uint32(18).bytes(message.spanId);
        if (message.traceState != null && $Object.hasOwnProperty.call(message, "traceState") && message.traceState !== "")
            writer.uint32(26).string(message.traceState);
        if (message.attributes != null && message.attributes.length)
            for (var i = 0; i < message.attributes.length; ++i)
                $root.KeyValue.encode(message.attributes[i], writer.uint32(34).fork(), _depth + 1).ldelim();
        if (message.droppedAttributesCount != null && $Object.hasOwnProperty.call(message, "droppedAttributesCount") && message.droppedAttributesCount !== 0)
            writer.uint32(40).uint32(message.droppedAttributesCount);
        if (message.flags != null && $Object.hasOwnProperty.call(message, "flags") && message.flags !== 0)
            writer.uint32(53).fixed32(message.flags);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Link.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Link();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.traceId = value;
                    else
                        delete message.traceId;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.spanId = value;
                    else
                        delete message.spanId;
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.traceState = value;
                    else
                        delete message.traceState;
                    continue;
                }
            case 4: {
                    if (wireType !== 2)
                        break;
                    if (!(message.attributes && message.attributes.length))
                        message.attributes = [];
                    message.attributes.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 5: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.droppedAttributesCount = value;
                    else
                        delete message.droppedAttributesCount;
                    continue;
                }
            case 6: {
                    if (wireType !== 5)
                        break;
                    if (value = reader.fixed32())
                        message.flags = value;
                    else
                        delete message.flags;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Link;
})();

$root.SpanStatus = (function() {

    var SpanStatus = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    SpanStatus.prototype.message = "";
    SpanStatus.prototype.code = 0;

    SpanStatus.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
            writer.uint32(18).string(message.message);
        if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
            writer.uint32(24).int32(message.code);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    SpanStatus.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.SpanStatus();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.message = value;
                    else
                        delete message.message;
                    continue;
                }
            case 3: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.int32())
                        message.code = value;
                    else
                        delete message.code;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return SpanStatus;
})();

$root.ExportMetricsServiceRequest = (function() {

    var ExportMetricsServiceRequest = function (properties) {
        this.resourceMetrics = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ExportMetricsServiceRequest.prototype.resourceMetrics = $util.emptyArray;

    ExportMetricsServiceRequest.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.resourceMetrics != null && message.resourceMetrics.length)
            for (var i = 0; i < message.resourceMetrics.length; ++i)
                $root.ResourceMetrics.encode(message.resourceMetrics[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ExportMetricsServiceRequest.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ExportMetricsServiceRequest();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.resourceMetrics && message.resourceMetrics.length))
                        message.resourceMetrics = [];
                    message.resourceMetrics.push($root.ResourceMetrics.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ExportMetricsServiceRequest;
})();

$root.ResourceMetrics = (function() {

    var ResourceMetrics = function (properties) {
        this.scopeMetrics = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ResourceMetrics.prototype.resource = null;
    ResourceMetrics.prototype.scopeMetrics = $util.emptyArray;
    ResourceMetrics.prototype.schemaUrl = "";

    ResourceMetrics.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.resource != null && $Object.hasOwnProperty.call(message, "resource"))
            $root.Resource.encode(message.resource, writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.scopeMetrics != null && message.scopeMetrics.length)
            for (var i = 0; i < message.scopeMetrics.length; ++i)
                $root.ScopeMetrics.encode(message.scopeMetrics[i], writer.uint32(18).fork(), _depth + 1).ldelim();
        if (message.schemaUrl != null && $Object.hasOwnProperty.call(message, "schemaUrl") && message.schemaUrl !== "")
            writer.uint32(26).string(message.schemaUrl);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ResourceMetrics.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ResourceMetrics();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    message.resource = $root.Resource.decode(reader, reader.size(), $undefined, _depth + 1, message.resource);
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if (!(message.scopeMetrics && message.scopeMetrics.length))
                        message.scopeMetrics = [];
                    message.scopeMetrics.push($root.ScopeMetrics.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.schemaUrl = value;
                    else
                        delete message.schemaUrl;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ResourceMetrics;
})();

$root.ScopeMetrics = (function() {

    var ScopeMetrics = function (properties) {
        this.metrics = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ScopeMetrics.prototype.scope = null;
    ScopeMetrics.prototype.metrics = $util.emptyArray;
    ScopeMetrics.prototype.schemaUrl = "";

    ScopeMetrics.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.scope != null && $Object.hasOwnProperty.call(message, "scope"))
            $root.InstrumentationScope.encode(message.scope, writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.metrics != null && message.metrics.length)
            for (var i = 0; i < message.metrics.length; ++i)
                $root.Metric.encode(message.metrics[i], writer.uint32(18).fork(), _depth + 1).ldelim();
        if (message.schemaUrl != null && $Object.hasOwnProperty.call(message, "schemaUrl") && message.schemaUrl !== "")
            writer.uint32(26).string(message.schemaUrl);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ScopeMetrics.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ScopeMetrics();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    message.scope = $root.InstrumentationScope.decode(reader, reader.size(), $undefined, _depth + 1, message.scope);
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if (!(message.metrics && message.metrics.length))
                        message.metrics = [];
                    message.metrics.push($root.Metric.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.schemaUrl = value;
                    else
                        delete message.schemaUrl;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ScopeMetrics;
})();

$root.Metric = (function() {

    var Metric = function (properties) {
        this.metadata = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Metric.prototype.name = "";
    Metric.prototype.description = "";
    Metric.prototype.unit = "";
    Metric.prototype.gauge = null;
    Metric.prototype.sum = null;
    Metric.prototype.histogram = null;
    Metric.prototype.exponentialHistogram = null;
    Metric.prototype.summary = null;
    Metric.prototype.metadata = $util.emptyArray;

    var $oneOfFields;

    $Object.defineProperty(Metric.prototype, "data", {
        get: $util.oneOfGetter($oneOfFields = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"]),
        set: $util.oneOfSetter($oneOfFields)
    });

    Metric.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
            writer.uint32(10).string(message.name);
        if (message.description != null && $Object.hasOwnProperty.call(message, "description") && message.description !== "")
            writer.uint32(18).string(message.description);
        if (message.unit != null && $Object.hasOwnProperty.call(message, "unit") && message.unit !== "")
            writer.uint32(26).string(message.unit);
        if (message.gauge != null && $Object.hasOwnProperty.call(message, "gauge"))
            $root.Gauge.encode(message.gauge, writer.uint32(42).fork(), _depth + 1).ldelim();
        if (message.sum != null && $Object.hasOwnProperty.call(message, "sum"))
            $root.Sum.encode(message.sum, writer.uint32(58).fork(), _depth + 1).ldelim();
        if (message.histogram != null && $Object.hasOwnProperty.call(message, "histogram"))
            $root.Histogram.encode(message.histogram, writer.uint32(74).fork(), _depth + 1).ldelim();
        if (message.exponentialHistogram != null && $Object.hasOwnProperty.call(message, "exponentialHistogram"))
            $root.ExponentialHistogram.encode(message.exponentialHistogram, writer.uint32(82).fork(), _depth + 1).ldelim();
        if (message.summary != null && $Object.hasOwnProperty.call(message, "summary"))
            $root.Summary.encode(message.summary, writer.uint32(90).fork(), _depth + 1).ldelim();
        if (message.metadata != null && message.metadata.length)
            for (var i = 0; i < message.metadata.length; ++i)
                $root.KeyValue.encode(message.metadata[i], writer.uint32(98).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Metric.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Metric();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.name = value;
                    else
                        delete message.name;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.description = value;
                    else
                        delete message.description;
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.unit = value;
                    else
                        delete message.unit;
                    continue;
                }
            case 5: {
                    if (wireType !== 2)
                        break;
                    message.gauge = $root.Gauge.decode(reader, reader.size(), $undefined, _depth + 1, message.gauge);
                    message.data = "gauge";
                    continue;
                }
            case 7: {
                    if (wireType !== 2)
                        break;
                    message.sum = $root.Sum.decode(reader, reader.size(), $undefined, _depth + 1, message.sum);
                    message.data = "sum";
                    continue;
                }
            case 9: {
                    if (wireType !== 2)
                        break;
                    message.histogram = $root.Histogram.decode(reader, reader.size(), $undefined, _depth + 1, message.histogram);
                    message.data = "histogram";
                    continue;
                }
            case 10: {
                    if (wireType !== 2)
                        break;
                    message.exponentialHistogram = $root.ExponentialHistogram.decode(reader, reader.size(), $undefined, _depth + 1, message.exponentialHistogram);
                    message.data = "exponentialHistogram";
                    continue;
                }
            case 11: {
                    if (wireType !== 2)
                        break;
                    message.summary = $root.Summary.decode(reader, reader.size(), $undefined, _depth + 1, message.summary);
                    message.data = "summary";
                    continue;
                }
            case 12: {
                    if (wireType !== 2)
                        break;
                    if (!(message.metadata && message.metadata.length))
                        message.metadata = [];
                    message.metadata.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Metric;
})();

$root.Gauge = (function() {

    var Gauge = function (properties) {
        this.dataPoints = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Gauge.prototype.dataPoints = $util.emptyArray;

    Gauge.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.dataPoints != null && message.dataPoints.length)
            for (var i = 0; i < message.dataPoints.length; ++i)
                $root.NumberDataPoint.encode(message.dataPoints[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Gauge.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Gauge();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.dataPoints && message.dataPoints.length))
                        message.dataPoints = [];
                    message.dataPoints.push($root.NumberDataPoint.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Gauge;
})();

$root.Sum = (function() {

    var Sum = function (properties) {
        this.dataPoints = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Sum.prototype.dataPoints = $util.emptyArray;
    Sum.prototype.aggregationTemporality = 0;
    Sum.prototype.isMonotonic = false;

    Sum.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.dataPoints != null && message.dataPoints.length)
            for (var i = 0; i < message.dataPoints.length; ++i)
                $root.NumberDataPoint.encode(message.dataPoints[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.aggregationTemporality != null && $Object.hasOwnProperty.call(message, "aggregationTemporality") && message.aggregationTemporality !== 0)
            writer.uint32(16).int32(message.aggregationTemporality);
        if (message.isMonotonic != null && $Object.hasOwnProperty.call(message, "isMonotonic") && message.isMonotonic !== false)
            writer.uint32(24).bool(message.isMonotonic);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Sum.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Sum();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.dataPoints && message.dataPoints.length))
                        message.dataPoints = [];
                    message.dataPoints.push($root.NumberDataPoint.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 2: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.int32())
                        message.aggregationTemporality = value;
                    else
                        delete message.aggregationTemporality;
                    continue;
                }
            case 3: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.bool())
                        message.isMonotonic = value;
                    else
                        delete message.isMonotonic;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Sum;
})();

$root.Histogram = (function() {

    var Histogram = function (properties) {
        this.dataPoints = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Histogram.prototype.dataPoints = $util.emptyArray;
    Histogram.prototype.aggregationTemporality = 0;

    Histogram.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.dataPoints != null && message.dataPoints.length)
            for (var i = 0; i < message.dataPoints.length; ++i)
                $root.HistogramDataPoint.encode(message.dataPoints[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.aggregationTemporality != null && $Object.hasOwnProperty.call(message, "aggregationTemporality") && message.aggregationTemporality !== 0)
            writer.uint32(16).int32(message.aggregationTemporality);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Histogram.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Histogram();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.dataPoints && message.dataPoints.length))
                        message.dataPoints = [];
                    message.dataPoints.push($root.HistogramDataPoint.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 2: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.int32())
                        message.aggregationTemporality = value;
                    else
                        delete message.aggregationTemporality;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Histogram;
})();

$root.ExponentialHistogram = (function() {

    var ExponentialHistogram = function (properties) {
        this.dataPoints = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ExponentialHistogram.prototype.dataPoints = $util.emptyArray;
    ExponentialHistogram.prototype.aggregationTemporality = 0;

    ExponentialHistogram.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.dataPoints != null && message.dataPoints.length)
            for (var i = 0; i < message.dataPoints.length; ++i)
                $root.ExponentialHistogramDataPoint.encode(message.dataPoints[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.aggregationTemporality != null && $Object.hasOwnProperty.call(message, "aggregationTemporality") && message.aggregationTemporality !== 0)
            writer.uint32(16).int32(message.aggregationTemporality);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ExponentialHistogram.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ExponentialHistogram();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.dataPoints && message.dataPoints.length))
                        message.dataPoints = [];
                    message.dataPoints.push($root.ExponentialHistogramDataPoint.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 2: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.int32())
                        message.aggregationTemporality = value;
                    else
                        delete message.aggregationTemporality;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ExponentialHistogram;
})();

$root.Summary = (function() {

    var Summary = function (properties) {
        this.dataPoints = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Summary.prototype.dataPoints = $util.emptyArray;

    Summary.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.dataPoints != null && message.dataPoints.length)
            for (var i = 0; i < message.dataPoints.length; ++i)
                $root.SummaryDataPoint.encode(message.dataPoints[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Summary.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Summary();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.dataPoints && message.dataPoints.length))
                        message.dataPoints = [];
                    message.dataPoints.push($root.SummaryDataPoint.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Summary;
})();

$root.NumberDataPoint = (function() {

    var NumberDataPoint = function (properties) {
        this.exemplars = [];
        this.attributes = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    NumberDataPoint.prototype.startTimeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    NumberDataPoint.prototype.timeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    NumberDataPoint.prototype.asDouble = null;
    NumberDataPoint.prototype.exemplars = $util.emptyArray;
    NumberDataPoint.prototype.asInt = null;
    NumberDataPoint.prototype.attributes = $util.emptyArray;
    NumberDataPoint.prototype.flags = 0;

    var $oneOfFields;

    $Object.defineProperty(NumberDataPoint.prototype, "value", {
        get: $util.oneOfGetter($oneOfFields = ["asDouble", "asInt"]),
        set: $util.oneOfSetter($oneOfFields)
    });

    NumberDataPoint.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.startTimeUnixNano != null && $Object.hasOwnProperty.call(message, "startTimeUnixNano") && (typeof message.startTimeUnixNano === "object" ? message.startTimeUnixNano.low || message.startTimeUnixNano.high : message.startTimeUnixNano !== 0))
            writer.uint32(17).fixed64(message.startTimeUnixNano);
        if (message.timeUnixNano != null && $Object.hasOwnProperty.call(message, "timeUnixNano") && (typeof message.timeUnixNano === "object" ? message.timeUnixNano.low || message.timeUnixNano.high : message.timeUnixNano !== 0))
            writer.uint32(25).fixed64(message.timeUnixNano);
        if (message.asDouble != null && $Object.hasOwnProperty.call(message, "asDouble"))
            writer.uint32(33).double(message.asDouble);
        if (message.exemplars != null && message.exemplars.length)
            for (var i = 0; i < message.exemplars.length; ++i)
                $root.Exemplar.encode(message.exemplars[i], writer.uint32(42).fork(), _depth + 1).ldelim();
        if (message.asInt != null && $Object.hasOwnProperty.call(message, "asInt"))
            writer.uint32(49).sfixed64(message.asInt);
        if (message.attributes != null && message.attributes.length)
            for (var i = 0; i < message.attributes.length; ++i)
                $root.KeyValue.encode(message.attributes[i], writer.uint32(58).fork(), _depth + 1).ldelim();
        if (message.flags != null && $Object.hasOwnProperty.call(message, "flags") && message.flags !== 0)
            writer.uint32(64).uint32(message.flags);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    NumberDataPoint.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.NumberDataPoint();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 2: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.startTimeUnixNano = value;
                    else
                        delete message.startTimeUnixNano;
                    continue;
                }
            case 3: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.timeUnixNano = value;
                    else
                        delete message.timeUnixNano;
                    continue;
                }
            case 4: {
                    if (wireType !== 1)
                        break;
                    message.asDouble = reader.double();
                    message.value = "asDouble";
                    continue;
                }
            case 5: {
                    if (wireType !== 2)
                        break;
                    if (!(message.exemplars && message.exemplars.length))
                        message.exemplars = [];
                    message.exemplars.push($root.Exemplar.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 6: {
                    if (wireType !== 1)
                        break;
                    message.asInt = reader.sfixed64();
                    message.value = "asInt";
                    continue;
                }
            case 7: {
                    if (wireType !== 2)
                        break;
                    if (!(message.attributes && message.attributes.length))
                        message.attributes = [];
                    message.attributes.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 8: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.flags = value;
                    else
                        delete message.flags;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return NumberDataPoint;
})();

$root.HistogramDataPoint = (function() {

    var HistogramDataPoint = function (properties) {
        this.bucketCounts = [];
        this.explicitBounds = [];
        this.exemplars = [];
        this.attributes = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    HistogramDataPoint.prototype.startTimeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    HistogramDataPoint.prototype.timeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    HistogramDataPoint.prototype.count = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    HistogramDataPoint.prototype.sum = null;
    HistogramDataPoint.prototype.bucketCounts = $util.emptyArray;
    HistogramDataPoint.prototype.explicitBounds = $util.emptyArray;
    HistogramDataPoint.prototype.exemplars = $util.emptyArray;
    HistogramDataPoint.prototype.attributes = $util.emptyArray;
    HistogramDataPoint.prototype.flags = 0;
    HistogramDataPoint.prototype.min = null;
    HistogramDataPoint.prototype.max = null;

    var $oneOfFields;

    // Virtual OneOf for proto3 optional field
    $Object.defineProperty(HistogramDataPoint.prototype, "_sum", {
        get: $util.oneOfGetter($oneOfFields = ["sum"]),
        set: $util.oneOfSetter($oneOfFields)
    });

    // Virtual OneOf for proto3 optional field
    $Object.defineProperty(HistogramDataPoint.prototype, "_min", {
        get: $util.oneOfGetter($oneOfFields = ["min"]),
        set: $util.oneOfSetter($oneOfFields)
    });

    // Virtual OneOf for proto3 optional field
    $Object.defineProperty(HistogramDataPoint.prototype, "_max", {
        get: $util.oneOfGetter($oneOfFields = ["max"]),
        set: $util.oneOfSetter($oneOfFields)
    });

    HistogramDataPoint.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.startTimeUnixNano != null && $Object.hasOwnProperty.call(message, "startTimeUnixNano") && (typeof message.startTimeUnixNano === "object" ? message.startTimeUnixNano.low || message.startTimeUnixNano.high : message.startTimeUnixNano !== 0))
            writer.uint32(17).fixed64(message.startTimeUnixNano);
        if (message.timeUnixNano != null && $Object.hasOwnProperty.call(message, "timeUnixNano") && (typeof message.timeUnixNano === "object" ? message.timeUnixNano.low || message.timeUnixNano.high : message.timeUnixNano !== 0))
            writer.uint32(25).fixed64(message.timeUnixNano);
        if (message.count != null && $Object.hasOwnProperty.call(message, "count") && (typeof message.count === "object" ? message.count.low || message.count.high : message.count !== 0))
            writer.uint32(33).fixed64(message.count);
        if (message.sum != null && $Object.hasOwnProperty.call(message, "sum"))
            writer.uint32(41).double(message.sum);
        if (message.bucketCounts != null && message.bucketCounts.length)
            writer.uint32(50).fixed64s(message.bucketCounts);
        if (message.explicitBounds != null && message.explicitBounds.length)
            writer.uint32(58).doubles(message.explicitBounds);
        if (message.exemplars != null && message.exemplars.length)
            for (var i = 0; i < message.exemplars.length; ++i)
                $root.Exemplar.encode(message.exemplars[i], writer.uint32(66).fork(), _depth + 1).ldelim();
        if (message.attributes != null && message.attributes.length)
            for (var i = 0; i < message.attributes.length; ++i)
                $root.KeyValue.encode(message.attributes[i], writer.uint32(74).fork(), _depth + 1).ldelim();
        if (message.flags != null && $Object.hasOwnProperty.call(message, "flags") && message.flags !== 0)
            writer.uint32(80).uint32(message.flags);
        if (message.min != null && $Object.hasOwnProperty.call(message, "min"))
            writer.uint32(89).double(message.min);
        if (message.max != null && $Object.hasOwnProperty.call(message, "max"))
            writer.uint32(97).double(message.max);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    HistogramDataPoint.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.HistogramDataPoint();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 2: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.startTimeUnixNano = value;
                    else
                        delete message.startTimeUnixNano;
                    continue;
                }
            case 3: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.timeUnixNano = value;
                    else
                        delete message.timeUnixNano;
                    continue;
                }
            case 4: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.count = value;
                    else
                        delete message.count;
                    continue;
                }
            case 5: {
                    if (wireType !== 1)
                        break;
                    message.sum = reader.double();
                    message._sum = "sum";
                    continue;
                }
            case 6: {
                    if (wireType === 2) {
                        if (!(message.bucketCounts && message.bucketCounts.length))
                            message.bucketCounts = [];
                        reader.fixed64s(message.bucketCounts);
                        continue;
                    }
                    if (wireType !== 1)
                        break;
                    if (!(message.bucketCounts && message.bucketCounts.length))
                        message.bucketCounts = [];
                    message.bucketCounts.push(reader.fixed64());
                    continue;
                }
            case 7: {
                    if (wireType === 2) {
                        if (!(message.explicitBounds && message.explicitBounds.length))
                            message.explicitBounds = [];
                        reader.doubles(message.explicitBounds);
                        continue;
                    }
                    if (wireType !== 1)
                        break;
                    if (!(message.explicitBounds && message.explicitBounds.length))
                        message.explicitBounds = [];
                    message.explicitBounds.push(reader.double());
                    continue;
                }
            case 8: {
                    if (wireType !== 2)
                        break;
                    if (!(message.exemplars && message.exemplars.length))
                        message.exemplars = [];
                    message.exemplars.push($root.Exemplar.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 9: {
                    if (wireType !== 2)
                        break;
                    if (!(message.attributes && message.attributes.length))
                        message.attributes = [];
                    message.attributes.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 10: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.flags = value;
                    else
                        delete message.flags;
                    continue;
                }
            case 11: {
                    if (wireType !== 1)
                        break;
                    message.min = reader.double();
                    message._min = "min";
                    continue;
                }
            case 12: {
                    if (wireType !== 1)
                        break;
                    message.max = reader.double();
                    message._max = "max";
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return HistogramDataPoint;
})();

$root.ExponentialHistogramDataPoint = (function() {

    var ExponentialHistogramDataPoint = function (properties) {
        this.attributes = [];
        this.exemplars = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ExponentialHistogramDataPoint.prototype.attributes = $util.emptyArray;
    ExponentialHistogramDataPoint.prototype.startTimeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    ExponentialHistogramDataPoint.prototype.timeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    ExponentialHistogramDataPoint.prototype.count = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    ExponentialHistogramDataPoint.prototype.sum = null;
    ExponentialHistogramDataPoint.prototype.scale = 0;
    ExponentialHistogramDataPoint.prototype.zeroCount = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    ExponentialHistogramDataPoint.prototype.positive = null;
    ExponentialHistogramDataPoint.prototype.negative = null;
    ExponentialHistogramDataPoint.prototype.flags = 0;
    ExponentialHistogramDataPoint.prototype.exemplars = $util.emptyArray;
    ExponentialHistogramDataPoint.prototype.min = null;
    ExponentialHistogramDataPoint.prototype.max = null;
    ExponentialHistogramDataPoint.prototype.zeroThreshold = 0;

    var $oneOfFields;

    // Virtual OneOf for proto3 optional field
    $Object.defineProperty(ExponentialHistogramDataPoint.prototype, "_sum", {
        get: $util.oneOfGetter($oneOfFields = ["sum"]),
        set: $util.oneOfSetter($oneOfFields)
    });

    // Virtual OneOf for proto3 optional field
    $Object.defineProperty(ExponentialHistogramDataPoint.prototype, "_min", {
        get: $util.oneOfGetter($oneOfFields = ["min"]),
        set: $util.oneOfSetter($oneOfFields)
    });

    // Virtual OneOf for proto3 optional field
    $Object.defineProperty(ExponentialHistogramDataPoint.prototype, "_max", {
        get: $util.oneOfGetter($oneOfFields = ["max"]),
        set: $util.oneOfSetter($oneOfFields)
    });

    ExponentialHistogramDataPoint.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.attributes != null && message.attributes.length)
            for (var i = 0; i < message.attributes.length; ++i)
                $root.KeyValue.encode(message.attributes[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.startTimeUnixNano != null && $Object.hasOwnProperty.call(message, "startTimeUnixNano") && (typeof message.startTimeUnixNano === "object" ? message.startTimeUnixNano.low || message.startTimeUnixNano.high : message.startTimeUnixNano !== 0))
            writer.uint32(17).fixed64(message.startTimeUnixNano);
        if (message.timeUnixNano != null && $Object.hasOwnProperty.call(message, "timeUnixNano") && (typeof message.timeUnixNano === "object" ? message.timeUnixNano.low || message.timeUnixNano.high : message.timeUnixNano !== 0))
            writer.uint32(25).fixed64(message.timeUnixNano);
        if (message.count != null && $Object.hasOwnProperty.call(message, "count") && (typeof message.count === "object" ? message.count.low || message.count.high : message.count !== 0))
            writer.uint32(33).fixed64(message.count);
        if (message.sum != null && $Object.hasOwnProperty.call(message, "sum"))
            writer.uint32(41).double(message.sum);
        if (message.scale != null && $Object.hasOwnProperty.call(message, "scale") && message.scale !== 0)
            writer.uint32(48).sint32(message.scale);
        if (message.zeroCount != null && $Object.hasOwnProperty.call(message, "zeroCount") && (typeof message.zeroCount === "object" ? message.zeroCount.low || message.zeroCount.high : message.zeroCount !== 0))
            writer.uint32(57).fixed64(message.zeroCount);
        if (message.positive != null && $Object.hasOwnProperty.call(message, "positive"))
            $root.Buckets.encode(message.positive, writer.uint32(66).fork(), _depth + 1).ldelim();
        if (message.negative != null && $Object.hasOwnProperty.call(message, "negative"))
            $root.Buckets.encode(message.negative, writer.uint32(74).fork(), _depth + 1).ldelim();
        if (message.flags != null && $Object.hasOwnProperty.call(message, "flags") && message.flags !== 0)
            writer.uint32(80).uint32(message.flags);
        if (message.exemplars != null && message.exemplars.length)
            for (var i = 0; i < message.exemplars.length; ++i)
                $root.Exemplar.encode(message.exemplars[i], writer.uint32(90).fork(), _depth + 1).ldelim();
        if (message.min != null && $Object.hasOwnProperty.call(message, "min"))
            writer.uint32(97).double(message.min);
        if (message.max != null && $Object.hasOwnProperty.call(message, "max"))
            writer.uint32(105).double(message.max);
        if (message.zeroThreshold != null && $Object.hasOwnProperty.call(message, "zeroThreshold") && !$Object.is(message.zeroThreshold, 0))
            writer.uint32(113).double(message.zeroThreshold);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ExponentialHistogramDataPoint.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ExponentialHistogramDataPoint();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.attributes && message.attributes.length))
                        message.attributes = [];
                    message.attributes.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 2: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.startTimeUnixNano = value;
                    else
                        delete message.startTimeUnixNano;
                    continue;
                }
            case 3: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.timeUnixNano = value;
                    else
                        delete message.timeUnixNano;
                    continue;
                }
            case 4: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.count = value;
                    else
                        delete message.count;
                    continue;
                }
            case 5: {
                    if (wireType !== 1)
                        break;
                    message.sum = reader.double();
                    message._sum = "sum";
                    continue;
                }
            case 6: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.sint32())
                        message.scale = value;
                    else
                        delete message.scale;
                    continue;
                }
            case 7: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.zeroCount = value;
                    else
                        delete message.zeroCount;
                    continue;
                }
            case 8: {
                    if (wireType !== 2)
                        break;
                    message.positive = $root.Buckets.decode(reader, reader.size(), $undefined, _depth + 1, message.positive);
                    continue;
                }
            case 9: {
                    if (wireType !== 2)
                        break;
                    message.negative = $root.Buckets.decode(reader, reader.size(), $undefined, _depth + 1, message.negative);
                    continue;
                }
            case 10: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.flags = value;
                    else
                        delete message.flags;
                    continue;
                }
            case 11: {
                    if (wireType !== 2)
                        break;
                    if (!(message.exemplars && message.exemplars.length))
                        message.exemplars = [];
                    message.exemplars.push($root.Exemplar.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 12: {
                    if (wireType !== 1)
                        break;
                    message.min = reader.double();
                    message._min = "min";
                    continue;
                }
            case 13: {
                    if (wireType !== 1)
                        break;
                    message.max = reader.double();
                    message._max = "max";
                    continue;
                }
            case 14: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.zeroThreshold = value;
                    else
                        delete message.zeroThreshold;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ExponentialHistogramDataPoint;
})();

$root.Buckets = (function() {

    var Buckets = function (properties) {
        this.bucketCounts = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Buckets.prototype.offset = 0;
    Buckets.prototype.bucketCounts = $util.emptyArray;

    Buckets.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && message.offset !== 0)
            writer.uint32(8).sint32(message.offset);
        if (message.bucketCounts != null && message.bucketCounts.length)
            writer.uint32(18).uint64s(message.bucketCounts);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Buckets.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Buckets();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.sint32())
                        message.offset = value;
                    else
                        delete message.offset;
                    continue;
                }
            case 2: {
                    if (wireType === 2) {
                        if (!(message.bucketCounts && message.bucketCounts.length))
                            message.bucketCounts = [];
                        reader.uint64s(message.bucketCounts);
                        continue;
                    }
                    if (wireType !== 0)
                        break;
                    if (!(message.bucketCounts && message.bucketCounts.length))
                        message.bucketCounts = [];
                    message.bucketCounts.push(reader.uint64());
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Buckets;
})();

$root.SummaryDataPoint = (function() {

    var SummaryDataPoint = function (properties) {
        this.quantileValues = [];
        this.attributes = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    SummaryDataPoint.prototype.startTimeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    SummaryDataPoint.prototype.timeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    SummaryDataPoint.prototype.count = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    SummaryDataPoint.prototype.sum = 0;
    SummaryDataPoint.prototype.quantileValues = $util.emptyArray;
    SummaryDataPoint.prototype.attributes = $util.emptyArray;
    SummaryDataPoint.prototype.flags = 0;

    SummaryDataPoint.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.startTimeUnixNano != null && $Object.hasOwnProperty.call(message, "startTimeUnixNano") && (typeof message.startTimeUnixNano === "object" ? message.startTimeUnixNano.low || message.startTimeUnixNano.high : message.startTimeUnixNano !== 0))
            writer.uint32(17).fixed64(message.startTimeUnixNano);
        if (message.timeUnixNano != null && $Object.hasOwnProperty.call(message, "timeUnixNano") && (typeof message.timeUnixNano === "object" ? message.timeUnixNano.low || message.timeUnixNano.high : message.timeUnixNano !== 0))
            writer.uint32(25).fixed64(message.timeUnixNano);
        if (message.count != null && $Object.hasOwnProperty.call(message, "count") && (typeof message.count === "object" ? message.count.low || message.count.high : message.count !== 0))
            writer.uint32(33).fixed64(message.count);
        if (message.sum != null && $Object.hasOwnProperty.call(message, "sum") && !$Object.is(message.sum, 0))
            writer.uint32(41).double(message.sum);
        if (message.quantileValues != null && message.quantileValues.length)
            for (var i = 0; i < message.quantileValues.length; ++i)
                $root.ValueAtQuantile.encode(message.quantileValues[i], writer.uint32(50).fork(), _depth + 1).ldelim();
        if (message.attributes != null && message.attributes.length)
            for (var i = 0; i < message.attributes.length; ++i)
                $root.KeyValue.encode(message.attributes[i], writer.uint32(58).fork(), _depth + 1).ldelim();
        if (message.flags != null && $Object.hasOwnProperty.call(message, "flags") && message.flags !== 0)
            writer.uint32(64).uint32(message.flags);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    SummaryDataPoint.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.SummaryDataPoint();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 2: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.startTimeUnixNano = value;
                    else
                        delete message.startTimeUnixNano;
                    continue;
                }
            case 3: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.timeUnixNano = value;
                    else
                        delete message.timeUnixNano;
                    continue;
                }
            case 4: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.count = value;
                    else
                        delete message.count;
                    continue;
                }
            case 5: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.sum = value;
                    else
                        delete message.sum;
                    continue;
                }
            case 6: {
                    if (wireType !== 2)
                        break;
                    if (!(message.quantileValues && message.quantileValues.length))
                        message.quantileValues = [];
                    message.quantileValues.push($root.ValueAtQuantile.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 7: {
                    if (wireType !== 2)
                        break;
                    if (!(message.attributes && message.attributes.length))
                        message.attributes = [];
                    message.attributes.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 8: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.flags = value;
                    else
                        delete message.flags;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return SummaryDataPoint;
})();

$root.ValueAtQuantile = (function() {

    var ValueAtQuantile = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ValueAtQuantile.prototype.quantile = 0;
    ValueAtQuantile.prototype.value = 0;

    ValueAtQuantile.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.quantile != null && $Object.hasOwnProperty.call(message, "quantile") && !$Object.is(message.quantile, 0))
            writer.uint32(9).double(message.quantile);
        if (message.value != null && $Object.hasOwnProperty.call(message, "value") && !$Object.is(message.value, 0))
            writer.uint32(17).double(message.value);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ValueAtQuantile.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ValueAtQuantile();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.quantile = value;
                    else
                        delete message.quantile;
                    continue;
                }
            case 2: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.value = value;
                    else
                        delete message.value;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ValueAtQuantile;
})();

$root.Exemplar = (function() {

    var Exemplar = function (properties) {
        this.filteredAttributes = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Exemplar.prototype.timeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    Exemplar.prototype.asDouble = null;
    Exemplar.prototype.spanId = $util.newBuffer([]);
    Exemplar.prototype.traceId = $util.newBuffer([]);
    Exemplar.prototype.asInt = null;
    Exemplar.prototype.filteredAttributes = $util.emptyArray;

    var $oneOfFields;

    $Object.defineProperty(Exemplar.prototype, "value", {
        get: $util.oneOfGetter($oneOfFields = ["asDouble", "asInt"]),
        set: $util.oneOfSetter($oneOfFields)
    });

    Exemplar.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.timeUnixNano != null && $Object.hasOwnProperty.call(message, "timeUnixNano") && (typeof message.timeUnixNano === "object" ? message.timeUnixNano.low || message.timeUnixNano.high : message.timeUnixNano !== 0))
            writer.uint32(17).fixed64(message.timeUnixNano);
        if (message.asDouble != null && $Object.hasOwnProperty.call(message, "asDouble"))
            writer.uint32(25).double(message.asDouble);
        if (message.spanId != null && $Object.hasOwnProperty.call(message, "spanId") && message.spanId.length)
            writer.uint32(34).bytes(message.spanId);
        if (message.traceId != null && $Object.hasOwnProperty.call(message, "traceId") && message.traceId.length)
            writer.uint32(42).bytes(message.traceId);
        if (message.asInt != null && $Object.hasOwnProperty.call(message, "asInt"))
            writer.uint32(49).sfixed64(message.asInt);
        if (message.filteredAttributes != null && message.filteredAttributes.length)
            for (var i = 0; i < message.filteredAttributes.length; ++i)
                $root.KeyValue.encode(message.filteredAttributes[i], writer.uint32(58).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Exemplar.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Exemplar();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 2: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.timeUnixNano = value;
                    else
                        delete message.timeUnixNano;
                    continue;
                }
            case 3: {
                    if (wireType !== 1)
                        break;
                    message.asDouble = reader.double();
                    message.value = "asDouble";
                    continue;
                }
            case 4: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.spanId = value;
                    else
                        delete message.spanId;
                    continue;
                }
            case 5: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.traceId = value;
                    else
                        delete message.traceId;
                    continue;
                }
            case 6: {
                    if (wireType !== 1)
                        break;
                    message.asInt = reader.sfixed64();
                    message.value = "asInt";
                    continue;
                }
            case 7: {
                    if (wireType !== 2)
                        break;
                    if (!(message.filteredAttributes && message.filteredAttributes.length))
                        message.filteredAttributes = [];
                    message.filteredAttributes.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Exemplar;
})();

$root.ExportLogsServiceRequest = (function() {

    var ExportLogsServiceRequest = function (properties) {
        this.resourceLogs = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ExportLogsServiceRequest.prototype.resourceLogs = $util.emptyArray;

    ExportLogsServiceRequest.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.resourceLogs != null && message.resourceLogs.length)
            for (var i = 0; i < message.resourceLogs.length; ++i)
                $root.ResourceLogs.encode(message.resourceLogs[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ExportLogsServiceRequest.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ExportLogsServiceRequest();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.resourceLogs && message.resourceLogs.length))
                        message.resourceLogs = [];
                    message.resourceLogs.push($root.ResourceLogs.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ExportLogsServiceRequest;
})();

$root.ResourceLogs = (function() {

    var ResourceLogs = function (properties) {
        this.scopeLogs = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ResourceLogs.prototype.resource = null;
    ResourceLogs.prototype.scopeLogs = $util.emptyArray;
    ResourceLogs.prototype.schemaUrl = "";

    ResourceLogs.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.resource != null && $Object.hasOwnProperty.call(message, "resource"))
            $root.Resource.encode(message.resource, writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.scopeLogs != null && message.scopeLogs.length)
            for (var i = 0; i < message.scopeLogs.length; ++i)
                $root.ScopeLogs.encode(message.scopeLogs[i], writer.uint32(18).fork(), _depth + 1).ldelim();
        if (message.schemaUrl != null && $Object.hasOwnProperty.call(message, "schemaUrl") && message.schemaUrl !== "")
            writer.uint32(26).string(message.schemaUrl);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ResourceLogs.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ResourceLogs();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    message.resource = $root.Resource.decode(reader, reader.size(), $undefined, _depth + 1, message.resource);
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if (!(message.scopeLogs && message.scopeLogs.length))
                        message.scopeLogs = [];
                    message.scopeLogs.push($root.ScopeLogs.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.schemaUrl = value;
                    else
                        delete message.schemaUrl;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ResourceLogs;
})();

$root.ScopeLogs = (function() {

    var ScopeLogs = function (properties) {
        this.logRecords = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ScopeLogs.prototype.scope = null;
    ScopeLogs.prototype.logRecords = $util.emptyArray;
    ScopeLogs.prototype.schemaUrl = "";

    ScopeLogs.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.scope != null && $Object.hasOwnProperty.call(message, "scope"))
            $root.InstrumentationScope.encode(message.scope, writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.logRecords != null && message.logRecords.length)
            for (var i = 0; i < message.logRecords.length; ++i)
                $root.LogRecord.encode(message.logRecords[i], writer.uint32(18).fork(), _depth + 1).ldelim();
        if (message.schemaUrl != null && $Object.hasOwnProperty.call(message, "schemaUrl") && message.schemaUrl !== "")
            writer.uint32(26).string(message.schemaUrl);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ScopeLogs.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ScopeLogs();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    message.scope = $root.InstrumentationScope.decode(reader, reader.size(), $undefined, _depth + 1, message.scope);
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if (!(message.logRecords && message.logRecords.length))
                        message.logRecords = [];
                    message.logRecords.push($root.LogRecord.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.schemaUrl = value;
                    else
                        delete message.schemaUrl;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ScopeLogs;
})();

$root.LogRecord = (function() {

    var LogRecord = function (properties) {
        this.attributes = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    LogRecord.prototype.timeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    LogRecord.prototype.severityNumber = 0;
    LogRecord.prototype.severityText = "";
    LogRecord.prototype.body = null;
    LogRecord.prototype.attributes = $util.emptyArray;
    LogRecord.prototype.droppedAttributesCount = 0;
    LogRecord.prototype.flags = 0;
    LogRecord.prototype.traceId = $util.newBuffer([]);
    LogRecord.prototype.spanId = $util.newBuffer([]);
    LogRecord.prototype.observedTimeUnixNano = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
    LogRecord.prototype.eventName = "";

    LogRecord.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.timeUnixNano != null && $Object.hasOwnProperty.call(message, "timeUnixNano") && (typeof message.timeUnixNano === "object" ? message.timeUnixNano.low || message.timeUnixNano.high : message.timeUnixNano !== 0))
            writer.uint32(9).fixed64(message.timeUnixNano);
        if (message.severityNumber != null && $Object.hasOwnProperty.call(message, "severityNumber") && message.severityNumber !== 0)
            writer.uint32(16).int32(message.severityNumber);
        if (message.severityText != null && $Object.hasOwnProperty.call(message, "severityText") && message.severityText !== "")
            writer.uint32(26).string(message.severityText);
        if (message.body != null && $Object.hasOwnProperty.call(message, "body"))
            $root.AnyValue.encode(message.body, writer.uint32(42).fork(), _depth + 1).ldelim();
        if (message.attributes != null && message.attributes.length)
            for (var i = 0; i < message.attributes.length; ++i)
                $root.KeyValue.encode(message.attributes[i], writer.uint32(50).fork(), _depth + 1).ldelim();
        if (message.droppedAttributesCount != null && $Object.hasOwnProperty.call(message, "droppedAttributesCount") && message.droppedAttributesCount !== 0)
            writer.uint32(56).uint32(message.droppedAttributesCount);
        if (message.flags != null && $Object.hasOwnProperty.call(message, "flags") && message.flags !== 0)
            writer.uint32(69).fixed32(message.flags);
        if (message.traceId != null && $Object.hasOwnProperty.call(message, "traceId") && message.traceId.length)
            writer.uint32(74).bytes(message.traceId);
        if (message.spanId != null && $Object.hasOwnProperty.call(message, "spanId") && message.spanId.length)
            writer.uint32(82).bytes(message.spanId);
        if (message.observedTimeUnixNano != null && $Object.hasOwnProperty.call(message, "observedTimeUnixNano") && (typeof message.observedTimeUnixNano === "object" ? message.observedTimeUnixNano.low || message.observedTimeUnixNano.high : message.observedTimeUnixNano !== 0))
            writer.uint32(89).fixed64(message.observedTimeUnixNano);
        if (message.eventName != null && $Object.hasOwnProperty.call(message, "eventName") && message.eventName !== "")
            writer.uint32(98).string(message.eventName);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    LogRecord.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.LogRecord();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.timeUnixNano = value;
                    else
                        delete message.timeUnixNano;
                    continue;
                }
            case 2: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.int32())
                        message.severityNumber = value;
                    else
                        delete message.severityNumber;
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.severityText = value;
                    else
                        delete message.severityText;
                    continue;
                }
            case 5: {
                    if (wireType !== 2)
                        break;
                    message.body = $root.AnyValue.decode(reader, reader.size(), $undefined, _depth + 1, message.body);
                    continue;
                }
            case 6: {
                    if (wireType !== 2)
                        break;
                    if (!(message.attributes && message.attributes.length))
                        message.attributes = [];
                    message.attributes.push($root.KeyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 7: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.droppedAttributesCount = value;
                    else
                        delete message.droppedAttributesCount;
                    continue;
                }
            case 8: {
                    if (wireType !== 5)
                        break;
                    if (value = reader.fixed32())
                        message.flags = value;
                    else
                        delete message.flags;
                    continue;
                }
            case 9: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.traceId = value;
                    else
                        delete message.traceId;
                    continue;
                }
            case 10: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.spanId = value;
                    else
                        delete message.spanId;
                    continue;
                }
            case 11: {
                    if (wireType !== 1)
                        break;
                    if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                        message.observedTimeUnixNano = value;
                    else
                        delete message.observedTimeUnixNano;
                    continue;
                }
            case 12: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.eventName = value;
                    else
                        delete message.eventName;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return LogRecord;
})();

$root.ExportTraceServiceResponse = (function() {

    var ExportTraceServiceResponse = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ExportTraceServiceResponse.prototype.partialSuccess = null;

    ExportTraceServiceResponse.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.partialSuccess != null && $Object.hasOwnProperty.call(message, "partialSuccess"))
            $root.ExportTracePartialSuccess.encode(message.partialSuccess, writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ExportTraceServiceResponse.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ExportTraceServiceResponse();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    message.partialSuccess = $root.ExportTracePartialSuccess.decode(reader, reader.size(), $undefined, _depth + 1, message.partialSuccess);
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ExportTraceServiceResponse;
})();

$root.ExportTracePartialSuccess = (function() {

    var ExportTracePartialSuccess = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ExportTracePartialSuccess.prototype.rejectedSpans = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
    ExportTracePartialSuccess.prototype.errorMessage = "";

    ExportTracePartialSuccess.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.rejectedSpans != null && $Object.hasOwnProperty.call(message, "rejectedSpans") && (typeof message.rejectedSpans === "object" ? message.rejectedSpans.low || message.rejectedSpans.high : message.rejectedSpans !== 0))
            writer.uint32(8).int64(message.rejectedSpans);
        if (message.errorMessage != null && $Object.hasOwnProperty.call(message, "errorMessage") && message.errorMessage !== "")
            writer.uint32(18).string(message.errorMessage);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ExportTracePartialSuccess.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ExportTracePartialSuccess();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.rejectedSpans = value;
                    else
                        delete message.rejectedSpans;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.errorMessage = value;
                    else
                        delete message.errorMessage;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ExportTracePartialSuccess;
})();

$root.ExportMetricsServiceResponse = (function() {

    var ExportMetricsServiceResponse = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ExportMetricsServiceResponse.prototype.partialSuccess = null;

    ExportMetricsServiceResponse.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.partialSuccess != null && $Object.hasOwnProperty.call(message, "partialSuccess"))
            $root.ExportMetricsPartialSuccess.encode(message.partialSuccess, writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ExportMetricsServiceResponse.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ExportMetricsServiceResponse();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    message.partialSuccess = $root.ExportMetricsPartialSuccess.decode(reader, reader.size(), $undefined, _depth + 1, message.partialSuccess);
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ExportMetricsServiceResponse;
})();

$root.ExportMetricsPartialSuccess = (function() {

    var ExportMetricsPartialSuccess = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ExportMetricsPartialSuccess.prototype.rejectedDataPoints = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
    ExportMetricsPartialSuccess.prototype.errorMessage = "";

    ExportMetricsPartialSuccess.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.rejectedDataPoints != null && $Object.hasOwnProperty.call(message, "rejectedDataPoints") && (typeof message.rejectedDataPoints === "object" ? message.rejectedDataPoints.low || message.rejectedDataPoints.high : message.rejectedDataPoints !== 0))
            writer.uint32(8).int64(message.rejectedDataPoints);
        if (message.errorMessage != null && $Object.hasOwnProperty.call(message, "errorMessage") && message.errorMessage !== "")
            writer.uint32(18).string(message.errorMessage);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ExportMetricsPartialSuccess.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ExportMetricsPartialSuccess();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.rejectedDataPoints = value;
                    else
                        delete message.rejectedDataPoints;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.errorMessage = value;
                    else
                        delete message.errorMessage;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ExportMetricsPartialSuccess;
})();

$root.ExportLogsServiceResponse = (function() {

    var ExportLogsServiceResponse = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ExportLogsServiceResponse.prototype.partialSuccess = null;

    ExportLogsServiceResponse.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.partialSuccess != null && $Object.hasOwnProperty.call(message, "partialSuccess"))
            $root.ExportLogsPartialSuccess.encode(message.partialSuccess, writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ExportLogsServiceResponse.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ExportLogsServiceResponse();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    message.partialSuccess = $root.ExportLogsPartialSuccess.decode(reader, reader.size(), $undefined, _depth + 1, message.partialSuccess);
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ExportLogsServiceResponse;
})();

$root.ExportLogsPartialSuccess = (function() {

    var ExportLogsPartialSuccess = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    ExportLogsPartialSuccess.prototype.rejectedLogRecords = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
    ExportLogsPartialSuccess.prototype.errorMessage = "";

    ExportLogsPartialSuccess.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.rejectedLogRecords != null && $Object.hasOwnProperty.call(message, "rejectedLogRecords") && (typeof message.rejectedLogRecords === "object" ? message.rejectedLogRecords.low || message.rejectedLogRecords.high : message.rejectedLogRecords !== 0))
            writer.uint32(8).int64(message.rejectedLogRecords);
        if (message.errorMessage != null && $Object.hasOwnProperty.call(message, "errorMessage") && message.errorMessage !== "")
            writer.uint32(18).string(message.errorMessage);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    ExportLogsPartialSuccess.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.ExportLogsPartialSuccess();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.rejectedLogRecords = value;
                    else
                        delete message.rejectedLogRecords;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.errorMessage = value;
                    else
                        delete message.errorMessage;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return ExportLogsPartialSuccess;
})();

$root.Status = (function() {

    var Status = function (properties) {
        this.details = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Status.prototype.code = 0;
    Status.prototype.message = "";
    Status.prototype.details = $util.emptyArray;

    Status.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
            writer.uint32(8).int32(message.code);
        if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
            writer.uint32(18).string(message.message);
        if (message.details != null && message.details.length)
            for (var i = 0; i < message.details.length; ++i)
                $root.Any.encode(message.details[i], writer.uint32(26).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Status.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Status();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.int32())
                        message.code = value;
                    else
                        delete message.code;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.message = value;
                    else
                        delete message.message;
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if (!(message.details && message.details.length))
                        message.details = [];
                    message.details.push($root.Any.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Status;
})();

$root.Any = (function() {

    var Any = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Any.prototype.typeUrl = "";
    Any.prototype.value = $util.newBuffer([]);

    Any.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.typeUrl != null && $Object.hasOwnProperty.call(message, "typeUrl") && message.typeUrl !== "")
            writer.uint32(10).string(message.typeUrl);
        if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value.length)
            writer.uint32(18).bytes(message.value);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Any.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Any();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.typeUrl = value;
                    else
                        delete message.typeUrl;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.bytes()).length)
                        message.value = value;
                    else
                        delete message.value;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Any;
})();

$root.Duration = (function() {

    var Duration = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Duration.prototype.seconds = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
    Duration.prototype.nanos = 0;

    Duration.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.seconds != null && $Object.hasOwnProperty.call(message, "seconds") && (typeof message.seconds === "object" ? message.seconds.low || message.seconds.high : message.seconds !== 0))
            writer.uint32(8).int64(message.seconds);
        if (message.nanos != null && $Object.hasOwnProperty.call(message, "nanos") && message.nanos !== 0)
            writer.uint32(16).int32(message.nanos);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Duration.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Duration();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.seconds = value;
                    else
                        delete message.seconds;
                    continue;
                }
            case 2: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.int32())
                        message.nanos = value;
                    else
                        delete message.nanos;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Duration;
})();

$root.RetryInfo = (function() {

    var RetryInfo = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    RetryInfo.prototype.retryDelay = null;

    RetryInfo.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.retryDelay != null && $Object.hasOwnProperty.call(message, "retryDelay"))
            $root.Duration.encode(message.retryDelay, writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    RetryInfo.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.RetryInfo();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    message.retryDelay = $root.Duration.decode(reader, reader.size(), $undefined, _depth + 1, message.retryDelay);
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return RetryInfo;
})();

$root.BadRequest = (function() {

    var BadRequest = function (properties) {
        this.fieldViolations = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    BadRequest.prototype.fieldViolations = $util.emptyArray;

    BadRequest.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.fieldViolations != null && message.fieldViolations.length)
            for (var i = 0; i < message.fieldViolations.length; ++i)
                $root.FieldViolation.encode(message.fieldViolations[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    BadRequest.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.BadRequest();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.fieldViolations && message.fieldViolations.length))
                        message.fieldViolations = [];
                    message.fieldViolations.push($root.FieldViolation.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return BadRequest;
})();

$root.FieldViolation = (function() {

    var FieldViolation = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    FieldViolation.prototype.field = "";
    FieldViolation.prototype.description = "";

    FieldViolation.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.field != null && $Object.hasOwnProperty.call(message, "field") && message.field !== "")
            writer.uint32(10).string(message.field);
        if (message.description != null && $Object.hasOwnProperty.call(message, "description") && message.description !== "")
            writer.uint32(18).string(message.description);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    FieldViolation.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.FieldViolation();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.field = value;
                    else
                        delete message.field;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.description = value;
                    else
                        delete message.description;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return FieldViolation;
})();

$root.Sample = (function() {

    var Sample = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Sample.prototype.value = 0;
    Sample.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
    Sample.prototype.startTimestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

    Sample.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.value != null && $Object.hasOwnProperty.call(message, "value") && !$Object.is(message.value, 0))
            writer.uint32(9).double(message.value);
        if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
            writer.uint32(16).int64(message.timestamp);
        if (message.startTimestamp != null && $Object.hasOwnProperty.call(message, "startTimestamp") && (typeof message.startTimestamp === "object" ? message.startTimestamp.low || message.startTimestamp.high : message.startTimestamp !== 0))
            writer.uint32(24).int64(message.startTimestamp);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Sample.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Sample();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.value = value;
                    else
                        delete message.value;
                    continue;
                }
            case 2: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.timestamp = value;
                    else
                        delete message.timestamp;
                    continue;
                }
            case 3: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.startTimestamp = value;
                    else
                        delete message.startTimestamp;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Sample;
})();

$root.NativeHistogram = (function() {

    var NativeHistogram = function (properties) {
        this.negativeSpans = [];
        this.negativeDeltas = [];
        this.negativeCounts = [];
        this.positiveSpans = [];
        this.positiveDeltas = [];
        this.positiveCounts = [];
        this.customValues = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    NativeHistogram.prototype.countInt = null;
    NativeHistogram.prototype.countFloat = null;
    NativeHistogram.prototype.sum = 0;
    NativeHistogram.prototype.schema = 0;
    NativeHistogram.prototype.zeroThreshold = 0;
    NativeHistogram.prototype.zeroCountInt = null;
    NativeHistogram.prototype.zeroCountFloat = null;
    NativeHistogram.prototype.negativeSpans = $util.emptyArray;
    NativeHistogram.prototype.negativeDeltas = $util.emptyArray;
    NativeHistogram.prototype.negativeCounts = $util.emptyArray;
    NativeHistogram.prototype.positiveSpans = $util.emptyArray;
    NativeHistogram.prototype.positiveDeltas = $util.emptyArray;
    NativeHistogram.prototype.positiveCounts = $util.emptyArray;
    NativeHistogram.prototype.resetHint = 0;
    NativeHistogram.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
    NativeHistogram.prototype.customValues = $util.emptyArray;
    NativeHistogram.prototype.startTimestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

    var $oneOfFields;

    $Object.defineProperty(NativeHistogram.prototype, "count", {
        get: $util.oneOfGetter($oneOfFields = ["countInt", "countFloat"]),
        set: $util.oneOfSetter($oneOfFields)
    });

    $Object.defineProperty(NativeHistogram.prototype, "zeroCount", {
        get: $util.oneOfGetter($oneOfFields = ["zeroCountInt", "zeroCountFloat"]),
        set: $util.oneOfSetter($oneOfFields)
    });

    NativeHistogram.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.countInt != null && $Object.hasOwnProperty.call(message, "countInt"))
            writer.uint32(8).uint64(message.countInt);
        if (message.countFloat != null && $Object.hasOwnProperty.call(message, "countFloat"))
            writer.uint32(17).double(message.countFloat);
        if (message.sum != null && $Object.hasOwnProperty.call(message, "sum") && !$Object.is(message.sum, 0))
            writer.uint32(25).double(message.sum);
        if (message.schema != null && $Object.hasOwnProperty.call(message, "schema") && message.schema !== 0)
            writer.uint32(32).sint32(message.schema);
        if (message.zeroThreshold != null && $Object.hasOwnProperty.call(message, "zeroThreshold") && !$Object.is(message.zeroThreshold, 0))
            writer.uint32(41).double(message.zeroThreshold);
        if (message.zeroCountInt != null && $Object.hasOwnProperty.call(message, "zeroCountInt"))
            writer.uint32(48).uint64(message.zeroCountInt);
        if (message.zeroCountFloat != null && $Object.hasOwnProperty.call(message, "zeroCountFloat"))
            writer.uint32(57).double(message.zeroCountFloat);
        if (message.negativeSpans != null && message.negativeSpans.length)
            for (var i = 0; i < message.negativeSpans.length; ++i)
                $root.BucketSpan.encode(message.negativeSpans[i], writer.uint32(66).fork(), _depth + 1).ldelim();
        if (message.negativeDeltas != null && message.negativeDeltas.length)
            writer.uint32(74).sint64s(message.negativeDeltas);
        if (message.negativeCounts != null && message.negativeCounts.length)
            writer.uint32(82).doubles(message.negativeCounts);
        if (message.positiveSpans != null && message.positiveSpans.length)
            for (var i = 0; i < message.positiveSpans.length; ++i)
                $root.BucketSpan.encode(message.positiveSpans[i], writer.uint32(90).fork(), _depth + 1).ldelim();
        if (message.positiveDeltas != null && message.positiveDeltas.length)
            writer.uint32(98).sint64s(message.positiveDeltas);
        if (message.positiveCounts != null && message.positiveCounts.length)
            writer.uint32(106).doubles(message.positiveCounts);
        if (message.resetHint != null && $Object.hasOwnProperty.call(message, "resetHint") && message.resetHint !== 0)
            writer.uint32(112).int32(message.resetHint);
        if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
            writer.uint32(120).int64(message.timestamp);
        if (message.customValues != null && message.customValues.length)
            writer.uint32(130).doubles(message.customValues);
        if (message.startTimestamp != null && $Object.hasOwnProperty.call(message, "startTimestamp") && (typeof message.startTimestamp === "object" ? message.startTimestamp.low || message.startTimestamp.high : message.startTimestamp !== 0))
            writer.uint32(136).int64(message.startTimestamp);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    NativeHistogram.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.NativeHistogram();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    message.countInt = reader.uint64();
                    message.count = "countInt";
                    continue;
                }
            case 2: {
                    if (wireType !== 1)
                        break;
                    message.countFloat = reader.double();
                    message.count = "countFloat";
                    continue;
                }
            case 3: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.sum = value;
                    else
                        delete message.sum;
                    continue;
                }
            case 4: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.sint32())
                        message.schema = value;
                    else
                        delete message.schema;
                    continue;
                }
            case 5: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.zeroThreshold = value;
                    else
                        delete message.zeroThreshold;
                    continue;
                }
            case 6: {
                    if (wireType !== 0)
                        break;
                    message.zeroCountInt = reader.uint64();
                    message.zeroCount = "zeroCountInt";
                    continue;
                }
            case 7: {
                    if (wireType !== 1)
                        break;
                    message.zeroCountFloat = reader.double();
                    message.zeroCount = "zeroCountFloat";
                    continue;
                }
            case 8: {
                    if (wireType !== 2)
                        break;
                    if (!(message.negativeSpans && message.negativeSpans.length))
                        message.negativeSpans = [];
                    message.negativeSpans.push($root.BucketSpan.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 9: {
                    if (wireType === 2) {
                        if (!(message.negativeDeltas && message.negativeDeltas.length))
                            message.negativeDeltas = [];
                        reader.sint64s(message.negativeDeltas);
                        continue;
                    }
                    if (wireType !== 0)
                        break;
                    if (!(message.negativeDeltas && message.negativeDeltas.length))
                        message.negativeDeltas = [];
                    message.negativeDeltas.push(reader.sint64());
                    continue;
                }
            case 10: {
                    if (wireType === 2) {
                        if (!(message.negativeCounts && message.negativeCounts.length))
                            message.negativeCounts = [];
                        reader.doubles(message.negativeCounts);
                        continue;
                    }
                    if (wireType !== 1)
                        break;
                    if (!(message.negativeCounts && message.negativeCounts.length))
                        message.negativeCounts = [];
                    message.negativeCounts.push(reader.double());
                    continue;
                }
            case 11: {
                    if (wireType !== 2)
                        break;
                    if (!(message.positiveSpans && message.positiveSpans.length))
                        message.positiveSpans = [];
                    message.positiveSpans.push($root.BucketSpan.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 12: {
                    if (wireType === 2) {
                        if (!(message.positiveDeltas && message.positiveDeltas.length))
                            message.positiveDeltas = [];
                        reader.sint64s(message.positiveDeltas);
                        continue;
                    }
                    if (wireType !== 0)
                        break;
                    if (!(message.positiveDeltas && message.positiveDeltas.length))
                        message.positiveDeltas = [];
                    message.positiveDeltas.push(reader.sint64());
                    continue;
                }
            case 13: {
                    if (wireType === 2) {
                        if (!(message.positiveCounts && message.positiveCounts.length))
                            message.positiveCounts = [];
                        reader.doubles(message.positiveCounts);
                        continue;
                    }
                    if (wireType !== 1)
                        break;
                    if (!(message.positiveCounts && message.positiveCounts.length))
                        message.positiveCounts = [];
                    message.positiveCounts.push(reader.double());
                    continue;
                }
            case 14: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.int32())
                        message.resetHint = value;
                    else
                        delete message.resetHint;
                    continue;
                }
            case 15: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.timestamp = value;
                    else
                        delete message.timestamp;
                    continue;
                }
            case 16: {
                    if (wireType === 2) {
                        if (!(message.customValues && message.customValues.length))
                            message.customValues = [];
                        reader.doubles(message.customValues);
                        continue;
                    }
                    if (wireType !== 1)
                        break;
                    if (!(message.customValues && message.customValues.length))
                        message.customValues = [];
                    message.customValues.push(reader.double());
                    continue;
                }
            case 17: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.startTimestamp = value;
                    else
                        delete message.startTimestamp;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return NativeHistogram;
})();

$root.BucketSpan = (function() {

    var BucketSpan = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    BucketSpan.prototype.offset = 0;
    BucketSpan.prototype.length = 0;

    BucketSpan.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.offset != null && $Object.hasOwnProperty.call(message, "offset") && message.offset !== 0)
            writer.uint32(8).sint32(message.offset);
        if (message.length != null && $Object.hasOwnProperty.call(message, "length") && message.length !== 0)
            writer.uint32(16).uint32(message.length);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    BucketSpan.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.BucketSpan();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.sint32())
                        message.offset = value;
                    else
                        delete message.offset;
                    continue;
                }
            case 2: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.length = value;
                    else
                        delete message.length;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return BucketSpan;
})();

$root.WriteRequest = (function() {

    var WriteRequest = function (properties) {
        this.timeseries = [];
        this.metadata = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    WriteRequest.prototype.timeseries = $util.emptyArray;
    WriteRequest.prototype.metadata = $util.emptyArray;

    WriteRequest.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.timeseries != null && message.timeseries.length)
            for (var i = 0; i < message.timeseries.length; ++i)
                $root.TimeSeries.encode(message.timeseries[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.metadata != null && message.metadata.length)
            for (var i = 0; i < message.metadata.length; ++i)
                $root.MetricMetadata.encode(message.metadata[i], writer.uint32(26).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    WriteRequest.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.WriteRequest();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.timeseries && message.timeseries.length))
                        message.timeseries = [];
                    message.timeseries.push($root.TimeSeries.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if (!(message.metadata && message.metadata.length))
                        message.metadata = [];
                    message.metadata.push($root.MetricMetadata.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return WriteRequest;
})();

$root.TimeSeries = (function() {

    var TimeSeries = function (properties) {
        this.labels = [];
        this.samples = [];
        this.exemplars = [];
        this.histograms = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    TimeSeries.prototype.labels = $util.emptyArray;
    TimeSeries.prototype.samples = $util.emptyArray;
    TimeSeries.prototype.exemplars = $util.emptyArray;
    TimeSeries.prototype.histograms = $util.emptyArray;
    TimeSeries.prototype.createdTimestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

    TimeSeries.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.labels != null && message.labels.length)
            for (var i = 0; i < message.labels.length; ++i)
                $root.Label.encode(message.labels[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.samples != null && message.samples.length)
            for (var i = 0; i < message.samples.length; ++i)
                $root.Sample.encode(message.samples[i], writer.uint32(18).fork(), _depth + 1).ldelim();
        if (message.exemplars != null && message.exemplars.length)
            for (var i = 0; i < message.exemplars.length; ++i)
                $root.SeriesExemplar.encode(message.exemplars[i], writer.uint32(26).fork(), _depth + 1).ldelim();
        if (message.histograms != null && message.histograms.length)
            for (var i = 0; i < message.histograms.length; ++i)
                $root.NativeHistogram.encode(message.histograms[i], writer.uint32(34).fork(), _depth + 1).ldelim();
        if (message.createdTimestamp != null && $Object.hasOwnProperty.call(message, "createdTimestamp") && (typeof message.createdTimestamp === "object" ? message.createdTimestamp.low || message.createdTimestamp.high : message.createdTimestamp !== 0))
            writer.uint32(248).int64(message.createdTimestamp);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    TimeSeries.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.TimeSeries();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.labels && message.labels.length))
                        message.labels = [];
                    message.labels.push($root.Label.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if (!(message.samples && message.samples.length))
                        message.samples = [];
                    message.samples.push($root.Sample.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if (!(message.exemplars && message.exemplars.length))
                        message.exemplars = [];
                    message.exemplars.push($root.SeriesExemplar.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 4: {
                    if (wireType !== 2)
                        break;
                    if (!(message.histograms && message.histograms.length))
                        message.histograms = [];
                    message.histograms.push($root.NativeHistogram.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 31: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.createdTimestamp = value;
                    else
                        delete message.createdTimestamp;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return TimeSeries;
})();

$root.Label = (function() {

    var Label = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Label.prototype.name = "";
    Label.prototype.value = "";

    Label.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
            writer.uint32(10).string(message.name);
        if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value !== "")
            writer.uint32(18).string(message.value);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Label.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Label();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.name = value;
                    else
                        delete message.name;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.value = value;
                    else
                        delete message.value;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Label;
})();

$root.SeriesExemplar = (function() {

    var SeriesExemplar = function (properties) {
        this.labels = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    SeriesExemplar.prototype.labels = $util.emptyArray;
    SeriesExemplar.prototype.value = 0;
    SeriesExemplar.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

    SeriesExemplar.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.labels != null && message.labels.length)
            for (var i = 0; i < message.labels.length; ++i)
                $root.Label.encode(message.labels[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.value != null && $Object.hasOwnProperty.call(message, "value") && !$Object.is(message.value, 0))
            writer.uint32(17).double(message.value);
        if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
            writer.uint32(24).int64(message.timestamp);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    SeriesExemplar.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.SeriesExemplar();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.labels && message.labels.length))
                        message.labels = [];
                    message.labels.push($root.Label.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 2: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.value = value;
                    else
                        delete message.value;
                    continue;
                }
            case 3: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.timestamp = value;
                    else
                        delete message.timestamp;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return SeriesExemplar;
})();

$root.MetricMetadata = (function() {

    var MetricMetadata = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    MetricMetadata.prototype.type = 0;
    MetricMetadata.prototype.metricFamilyName = "";
    MetricMetadata.prototype.help = "";
    MetricMetadata.prototype.unit = "";

    MetricMetadata.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
            writer.uint32(8).int32(message.type);
        if (message.metricFamilyName != null && $Object.hasOwnProperty.call(message, "metricFamilyName") && message.metricFamilyName !== "")
            writer.uint32(18).string(message.metricFamilyName);
        if (message.help != null && $Object.hasOwnProperty.call(message, "help") && message.help !== "")
            writer.uint32(34).string(message.help);
        if (message.unit != null && $Object.hasOwnProperty.call(message, "unit") && message.unit !== "")
            writer.uint32(42).string(message.unit);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    MetricMetadata.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.MetricMetadata();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.int32())
                        message.type = value;
                    else
                        delete message.type;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.metricFamilyName = value;
                    else
                        delete message.metricFamilyName;
                    continue;
                }
            case 4: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.help = value;
                    else
                        delete message.help;
                    continue;
                }
            case 5: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.unit = value;
                    else
                        delete message.unit;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return MetricMetadata;
})();

$root.WriteRequestV2 = (function() {

    var WriteRequestV2 = function (properties) {
        this.symbols = [];
        this.timeseries = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    WriteRequestV2.prototype.symbols = $util.emptyArray;
    WriteRequestV2.prototype.timeseries = $util.emptyArray;

    WriteRequestV2.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.symbols != null && message.symbols.length)
            for (var i = 0; i < message.symbols.length; ++i)
                writer.uint32(34).string(message.symbols[i]);
        if (message.timeseries != null && message.timeseries.length)
            for (var i = 0; i < message.timeseries.length; ++i)
                $root.TimeSeriesV2.encode(message.timeseries[i], writer.uint32(42).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    WriteRequestV2.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.WriteRequestV2();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 4: {
                    if (wireType !== 2)
                        break;
                    if (!(message.symbols && message.symbols.length))
                        message.symbols = [];
                    message.symbols.push(reader.stringVerify());
                    continue;
                }
            case 5: {
                    if (wireType !== 2)
                        break;
                    if (!(message.timeseries && message.timeseries.length))
                        message.timeseries = [];
                    message.timeseries.push($root.TimeSeriesV2.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return WriteRequestV2;
})();

$root.TimeSeriesV2 = (function() {

    var TimeSeriesV2 = function (properties) {
        this.labelsRefs = [];
        this.samples = [];
        this.histograms = [];
        this.exemplars = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    TimeSeriesV2.prototype.labelsRefs = $util.emptyArray;
    TimeSeriesV2.prototype.samples = $util.emptyArray;
    TimeSeriesV2.prototype.histograms = $util.emptyArray;
    TimeSeriesV2.prototype.exemplars = $util.emptyArray;
    TimeSeriesV2.prototype.metadata = null;
    TimeSeriesV2.prototype.createdTimestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

    TimeSeriesV2.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.labelsRefs != null && message.labelsRefs.length)
            writer.uint32(10).uint32s(message.labelsRefs);
        if (message.samples != null && message.samples.length)
            for (var i = 0; i < message.samples.length; ++i)
                $root.Sample.encode(message.samples[i], writer.uint32(18).fork(), _depth + 1).ldelim();
        if (message.histograms != null && message.histograms.length)
            for (var i = 0; i < message.histograms.length; ++i)
                $root.NativeHistogram.encode(message.histograms[i], writer.uint32(26).fork(), _depth + 1).ldelim();
        if (message.exemplars != null && message.exemplars.length)
            for (var i = 0; i < message.exemplars.length; ++i)
                $root.SeriesExemplarV2.encode(message.exemplars[i], writer.uint32(34).fork(), _depth + 1).ldelim();
        if (message.metadata != null && $Object.hasOwnProperty.call(message, "metadata"))
            $root.MetadataV2.encode(message.metadata, writer.uint32(42).fork(), _depth + 1).ldelim();
        if (message.createdTimestamp != null && $Object.hasOwnProperty.call(message, "createdTimestamp") && (typeof message.createdTimestamp === "object" ? message.createdTimestamp.low || message.createdTimestamp.high : message.createdTimestamp !== 0))
            writer.uint32(48).int64(message.createdTimestamp);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    TimeSeriesV2.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.TimeSeriesV2();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType === 2) {
                        if (!(message.labelsRefs && message.labelsRefs.length))
                            message.labelsRefs = [];
                        reader.uint32s(message.labelsRefs);
                        continue;
                    }
                    if (wireType !== 0)
                        break;
                    if (!(message.labelsRefs && message.labelsRefs.length))
                        message.labelsRefs = [];
                    message.labelsRefs.push(reader.uint32());
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if (!(message.samples && message.samples.length))
                        message.samples = [];
                    message.samples.push($root.Sample.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if (!(message.histograms && message.histograms.length))
                        message.histograms = [];
                    message.histograms.push($root.NativeHistogram.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 4: {
                    if (wireType !== 2)
                        break;
                    if (!(message.exemplars && message.exemplars.length))
                        message.exemplars = [];
                    message.exemplars.push($root.SeriesExemplarV2.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 5: {
                    if (wireType !== 2)
                        break;
                    message.metadata = $root.MetadataV2.decode(reader, reader.size(), $undefined, _depth + 1, message.metadata);
                    continue;
                }
            case 6: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.createdTimestamp = value;
                    else
                        delete message.createdTimestamp;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return TimeSeriesV2;
})();

$root.SeriesExemplarV2 = (function() {

    var SeriesExemplarV2 = function (properties) {
        this.labelsRefs = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    SeriesExemplarV2.prototype.labelsRefs = $util.emptyArray;
    SeriesExemplarV2.prototype.value = 0;
    SeriesExemplarV2.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

    SeriesExemplarV2.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.labelsRefs != null && message.labelsRefs.length)
            writer.uint32(10).uint32s(message.labelsRefs);
        if (message.value != null && $Object.hasOwnProperty.call(message, "value") && !$Object.is(message.value, 0))
            writer.uint32(17).double(message.value);
        if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
            writer.uint32(24).int64(message.timestamp);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    SeriesExemplarV2.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.SeriesExemplarV2();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType === 2) {
                        if (!(message.labelsRefs && message.labelsRefs.length))
                            message.labelsRefs = [];
                        reader.uint32s(message.labelsRefs);
                        continue;
                    }
                    if (wireType !== 0)
                        break;
                    if (!(message.labelsRefs && message.labelsRefs.length))
                        message.labelsRefs = [];
                    message.labelsRefs.push(reader.uint32());
                    continue;
                }
            case 2: {
                    if (wireType !== 1)
                        break;
                    if (!$Object.is(value = reader.double(), 0))
                        message.value = value;
                    else
                        delete message.value;
                    continue;
                }
            case 3: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.timestamp = value;
                    else
                        delete message.timestamp;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return SeriesExemplarV2;
})();

$root.MetadataV2 = (function() {

    var MetadataV2 = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    MetadataV2.prototype.type = 0;
    MetadataV2.prototype.helpRef = 0;
    MetadataV2.prototype.unitRef = 0;

    MetadataV2.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
            writer.uint32(8).int32(message.type);
        if (message.helpRef != null && $Object.hasOwnProperty.call(message, "helpRef") && message.helpRef !== 0)
            writer.uint32(24).uint32(message.helpRef);
        if (message.unitRef != null && $Object.hasOwnProperty.call(message, "unitRef") && message.unitRef !== 0)
            writer.uint32(32).uint32(message.unitRef);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    MetadataV2.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.MetadataV2();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.int32())
                        message.type = value;
                    else
                        delete message.type;
                    continue;
                }
            case 3: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.helpRef = value;
                    else
                        delete message.helpRef;
                    continue;
                }
            case 4: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.uint32())
                        message.unitRef = value;
                    else
                        delete message.unitRef;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return MetadataV2;
})();

$root.PushRequest = (function() {

    var PushRequest = function (properties) {
        this.streams = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    PushRequest.prototype.streams = $util.emptyArray;

    PushRequest.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.streams != null && message.streams.length)
            for (var i = 0; i < message.streams.length; ++i)
                $root.StreamAdapter.encode(message.streams[i], writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    PushRequest.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.PushRequest();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if (!(message.streams && message.streams.length))
                        message.streams = [];
                    message.streams.push($root.StreamAdapter.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return PushRequest;
})();

$root.StreamAdapter = (function() {

    var StreamAdapter = function (properties) {
        this.entries = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    StreamAdapter.prototype.labels = "";
    StreamAdapter.prototype.entries = $util.emptyArray;
    StreamAdapter.prototype.hash = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

    StreamAdapter.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.labels != null && $Object.hasOwnProperty.call(message, "labels") && message.labels !== "")
            writer.uint32(10).string(message.labels);
        if (message.entries != null && message.entries.length)
            for (var i = 0; i < message.entries.length; ++i)
                $root.EntryAdapter.encode(message.entries[i], writer.uint32(18).fork(), _depth + 1).ldelim();
        if (message.hash != null && $Object.hasOwnProperty.call(message, "hash") && (typeof message.hash === "object" ? message.hash.low || message.hash.high : message.hash !== 0))
            writer.uint32(24).uint64(message.hash);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    StreamAdapter.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.StreamAdapter();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.labels = value;
                    else
                        delete message.labels;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if (!(message.entries && message.entries.length))
                        message.entries = [];
                    message.entries.push($root.EntryAdapter.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 3: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                        message.hash = value;
                    else
                        delete message.hash;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return StreamAdapter;
})();

$root.EntryAdapter = (function() {

    var EntryAdapter = function (properties) {
        this.structuredMetadata = [];
        this.parsed = [];
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    EntryAdapter.prototype.timestamp = null;
    EntryAdapter.prototype.line = "";
    EntryAdapter.prototype.structuredMetadata = $util.emptyArray;
    EntryAdapter.prototype.parsed = $util.emptyArray;

    EntryAdapter.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp"))
            $root.Timestamp.encode(message.timestamp, writer.uint32(10).fork(), _depth + 1).ldelim();
        if (message.line != null && $Object.hasOwnProperty.call(message, "line") && message.line !== "")
            writer.uint32(18).string(message.line);
        if (message.structuredMetadata != null && message.structuredMetadata.length)
            for (var i = 0; i < message.structuredMetadata.length; ++i)
                $root.LabelPairAdapter.encode(message.structuredMetadata[i], writer.uint32(26).fork(), _depth + 1).ldelim();
        if (message.parsed != null && message.parsed.length)
            for (var i = 0; i < message.parsed.length; ++i)
                $root.LabelPairAdapter.encode(message.parsed[i], writer.uint32(34).fork(), _depth + 1).ldelim();
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    EntryAdapter.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.EntryAdapter();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    message.timestamp = $root.Timestamp.decode(reader, reader.size(), $undefined, _depth + 1, message.timestamp);
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.line = value;
                    else
                        delete message.line;
                    continue;
                }
            case 3: {
                    if (wireType !== 2)
                        break;
                    if (!(message.structuredMetadata && message.structuredMetadata.length))
                        message.structuredMetadata = [];
                    message.structuredMetadata.push($root.LabelPairAdapter.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            case 4: {
                    if (wireType !== 2)
                        break;
                    if (!(message.parsed && message.parsed.length))
                        message.parsed = [];
                    message.parsed.push($root.LabelPairAdapter.decode(reader, reader.size(), $undefined, _depth + 1));
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return EntryAdapter;
})();

$root.LabelPairAdapter = (function() {

    var LabelPairAdapter = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    LabelPairAdapter.prototype.name = "";
    LabelPairAdapter.prototype.value = "";

    LabelPairAdapter.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
            writer.uint32(10).string(message.name);
        if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value !== "")
            writer.uint32(18).string(message.value);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    LabelPairAdapter.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.LabelPairAdapter();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.name = value;
                    else
                        delete message.name;
                    continue;
                }
            case 2: {
                    if (wireType !== 2)
                        break;
                    if ((value = reader.stringVerify()).length)
                        message.value = value;
                    else
                        delete message.value;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return LabelPairAdapter;
})();

$root.Timestamp = (function() {

    var Timestamp = function (properties) {
        if (properties)
            for (var keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                    this[keys[i]] = properties[keys[i]];
    };

    Timestamp.prototype.seconds = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
    Timestamp.prototype.nanos = 0;

    Timestamp.encode = function (message, writer, _depth) {
        if (!writer)
            writer = $Writer.create();
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $util.recursionLimit)
            throw $Error("max depth exceeded");
        if (message.seconds != null && $Object.hasOwnProperty.call(message, "seconds") && (typeof message.seconds === "object" ? message.seconds.low || message.seconds.high : message.seconds !== 0))
            writer.uint32(8).int64(message.seconds);
        if (message.nanos != null && $Object.hasOwnProperty.call(message, "nanos") && message.nanos !== 0)
            writer.uint32(16).int32(message.nanos);
        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
            for (var i = 0; i < message.$unknowns.length; ++i)
                writer.raw(message.$unknowns[i]);
        return writer;
    };

    Timestamp.decode = function (reader, length, _end, _depth, _target) {
        if (!(reader instanceof $Reader))
            reader = $Reader.create(reader);
        if (_depth === $undefined)
            _depth = 0;
        if (_depth > $Reader.recursionLimit)
            throw $Error("max depth exceeded");
        var end, message, value;
        if (length === $undefined)
            end = reader.len;
        else {
            end = reader.pos + length;
            if (end > reader.len)
                throw $RangeError("index out of range");
            length = reader.len;
            reader.len = end;
        }
        message = _target || new $root.Timestamp();
        while (reader.pos < end) {
            var start = reader.pos;
            var tag = reader.tag();
            if (tag === _end) {
                _end = $undefined;
                break;
            }
            var wireType = tag & 7;
            switch (tag >>>= 3) {
            case 1: {
                    if (wireType !== 0)
                        break;
                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                        message.seconds = value;
                    else
                        delete message.seconds;
                    continue;
                }
            case 2: {
                    if (wireType !== 0)
                        break;
                    if (value = reader.int32())
                        message.nanos = value;
                    else
                        delete message.nanos;
                    continue;
                }
            }
            reader.skipType(wireType, _depth, tag);
            if (!reader.discardUnknown) {
                $util.makeProp(message, "$unknowns", false);
                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
            }
        }
        if (length !== $undefined) {
            if (reader.pos !== end)
                throw $RangeError("index out of range");
            reader.len = length;
        }
        if (_end !== $undefined)
            throw $Error("missing end group");
        return message;
    };

    return Timestamp;
})();
return $root;
}
